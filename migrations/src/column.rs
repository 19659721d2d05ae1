//! The few kinds of columns that all tables are made of.

use sea_orm_migration::prelude::*;

/// The primary key: a UUIDv7.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new("id").uuid().not_null().primary_key().take()
}

/// A reference that must be there.
pub(crate) fn reference(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// A reference that may be missing.
pub(crate) fn reference_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// A text that must be there.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A text that may be missing.
pub(crate) fn text_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A list or a text in several languages, as JSON.
pub(crate) fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().take()
}

/// The same, where it may be missing.
pub(crate) fn json_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().null().take()
}

/// Bytes that may be missing.
pub(crate) fn bytes_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().null().take()
}

/// A number that must be there.
pub(crate) fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// A number that may be missing.
pub(crate) fn integer_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// An instant that must be there.
pub(crate) fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .not_null()
        .take()
}

/// An instant that may be missing.
pub(crate) fn instant_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .null()
        .take()
}

/// A wall-clock time that may be missing.
pub(crate) fn local_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp().null().take()
}

/// A day that must be there.
pub(crate) fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().take()
}

/// A day that may be missing.
pub(crate) fn day_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().null().take()
}

/// A table as it is being written down.
pub(crate) struct Draft {
    name: &'static str,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

impl Draft {
    /// A table of these columns.
    pub(crate) fn new(name: &'static str, columns: Vec<ColumnDef>) -> Self {
        let mut table = Table::create().table(name).take();
        for column in columns {
            table.col(column);
        }
        Self {
            name,
            table,
            indexes: Vec::new(),
        }
    }

    /// `column` refers to a row of `table`, which cannot go while it does; looked at when the
    /// statement is over, so that a tree can go in one.
    pub(crate) fn refers(mut self, column: &'static str, table: &'static str) -> Self {
        self.foreign_key(column, table, ForeignKeyAction::NoAction);
        self.indexed(&[column])
    }

    /// `column` refers to the row of `table` that this row is a part of, and goes with it.
    pub(crate) fn part_of(mut self, column: &'static str, table: &'static str) -> Self {
        self.foreign_key(column, table, ForeignKeyAction::Cascade);
        self.indexed(&[column])
    }

    fn foreign_key(&mut self, column: &'static str, table: &'static str, gone: ForeignKeyAction) {
        self.table.foreign_key(
            ForeignKey::create()
                .name(format!("{}_{column}_fk", self.name))
                .from(self.name, column)
                .to(table, "id")
                .on_delete(gone),
        );
    }

    /// No two rows have the same values here. The constraint's name is
    /// `{table}_{column}_…_key`; the store's table of constraints has it.
    pub(crate) fn unique(mut self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_key", self.name, columns.join("_"));
        let mut index = Index::create().name(name).table(self.name).unique().take();
        for column in columns {
            index.col(*column);
        }
        self.indexes.push(index);
        self
    }

    /// Rows are looked for by these columns.
    pub(crate) fn indexed(mut self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_idx", self.name, columns.join("_"));
        let mut index = Index::create().name(name).table(self.name).take();
        for column in columns {
            index.col(*column);
        }
        self.indexes.push(index);
        self
    }

    /// The rows keep this rule.
    pub(crate) fn check(mut self, rule: &'static str) -> Self {
        self.table.check(Expr::cust(rule));
        self
    }

    /// The rows are found by the key made of these columns together.
    pub(crate) fn keyed_by(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create().take();
        for column in columns {
            index.col(*column);
        }
        self.table.primary_key(&mut index);
        self
    }

    /// Makes the table.
    pub(crate) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Makes a text column sort by its bytes on PostgreSQL too, as SQLite does, so that a page begins
/// where the last one ended whatever the database's collation is.
pub(crate) async fn sort_by_bytes(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
        manager
            .get_connection()
            .execute_unprepared(&format!(
                r#"ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C""#
            ))
            .await?;
    }
    Ok(())
}

/// Unmakes tables, the last first.
pub(crate) async fn drop(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager
            .drop_table(Table::drop().table(*table).take())
            .await?;
    }
    Ok(())
}
