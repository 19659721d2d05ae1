//! Names are found by any part of them: what is kept to look for is folded anew, and indexed.
//!
//! The index holds, of each word, every character and every two that stand side by side. Chinese
//! names are two or three characters long, so an index of three at a time would miss most of them
//! (ADR 0011). It is kept by the database from the column `search_text`: who writes that, writes
//! the index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::column::sort_by_bytes;
use crate::folding::folded;

/// What is searched, and the column of the name that comes first.
const TABLES: &[(&str, &str)] = &[
    ("person", "name"),
    ("organization", "sort_name"),
    ("event", "sort_title"),
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // Thousands of rows are written, and half an index would find half of them.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        if backend == DbBackend::Postgres {
            connection.execute_unprepared(FUNCTION).await?;
        }
        for (table, main) in TABLES {
            fold_anew(manager, table, main).await?;
            if backend == DbBackend::Postgres {
                sort_by_bytes(manager, table, "search_text").await?;
                connection.execute_unprepared(&index(table)).await?;
            } else {
                connection.execute_unprepared(&shadow(table)).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        for (table, _) in TABLES {
            let gone = if is_postgres {
                format!(
                    r#"DROP INDEX {table}_search_text_idx;
                    ALTER TABLE "{table}" ALTER COLUMN search_text TYPE text COLLATE "default";"#
                )
            } else {
                format!(
                    "DROP TRIGGER {table}_gram_insert;
                    DROP TRIGGER {table}_gram_update;
                    DROP TRIGGER {table}_gram_delete;
                    DROP TABLE {table}_gram;
                    DROP TABLE {table}_gram_row;"
                )
            };
            connection.execute_unprepared(&gone).await?;
        }
        if is_postgres {
            let function = "DROP FUNCTION search_grams(text)";
            connection.execute_unprepared(function).await?;
        }
        Ok(())
    }
}

/// Brings the rows that are there to the folding of this step, the main name first. The older
/// folding is a part of it, so that a text can be folded further where it stands.
async fn fold_anew(manager: &SchemaManager<'_>, table: &str, main: &str) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let connection = manager.get_connection();
    let (key, by_key) = if backend == DbBackend::Postgres {
        ("CAST(id AS text)", "$1 WHERE id = CAST($2 AS uuid)")
    } else {
        ("hex(id)", "? WHERE id = unhex(?)")
    };
    let all = format!(r#"SELECT {key} AS key, {main} AS main, search_text FROM "{table}""#);
    let rows = connection
        .query_all_raw(Statement::from_string(backend, all))
        .await?;
    let update = format!(r#"UPDATE "{table}" SET search_text = {by_key}"#);
    for row in rows {
        let main: String = row.try_get("", "main")?;
        let before: String = row.try_get("", "search_text")?;
        let main = folded([main.as_str()]);
        let mut lines: Vec<_> = before.split('\n').map(|line| folded([line])).collect();
        lines.sort_by_key(|line| *line != main);
        let after = lines.join("\n");
        if after != before {
            let key: String = row.try_get("", "key")?;
            let values = [after.into(), key.into()];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, &update, values))
                .await?;
        }
    }
    Ok(())
}

/// PostgreSQL: what a text is found by. It costs more than the planner would guess, who is not to
/// work it out row by row.
const FUNCTION: &str = "
    CREATE FUNCTION search_grams(folded text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
        SELECT coalesce(array_agg(DISTINCT substr(word, place, size)), '{}')
        FROM unnest(string_to_array(translate(folded, chr(10), ' '), ' ')) AS word,
            generate_series(1, length(word)) AS place,
            generate_series(1, 2) AS size
    $$";

/// PostgreSQL: an index of it. New rows go into the index at once and not on a list beside it,
/// which every search would have to read as well. No statistics: of a part that many rows hold the
/// planner would conclude that it had better read every row, and work out the function of each.
fn index(table: &str) -> String {
    format!(
        r#"CREATE INDEX {table}_search_text_idx ON "{table}"
        USING gin (search_grams(search_text)) WITH (fastupdate = off);
        ALTER INDEX {table}_search_text_idx ALTER COLUMN 1 SET STATISTICS 0;"#
    )
}

/// SQLite: the signs that are a part of what is found as well as letters are, each kind of
/// quotation mark written twice.
const SIGNS: &str = "!\"\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~";

/// SQLite: a full-text table of what each row is found by, which keeps nothing of the text itself,
/// and a table of which row is which number in it. (The number of the row itself may change when
/// the file is compacted.)
fn shadow(table: &str) -> String {
    let new = grams("new.search_text");
    let there = grams("one.search_text");
    format!(
        r#"
        CREATE TABLE {table}_gram_row (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
        CREATE VIRTUAL TABLE {table}_gram USING fts5(
            grams, content = '', contentless_delete = 1, detail = none,
            tokenize = "ascii tokenchars '{SIGNS}'"
        );
        INSERT INTO {table}_gram_row (id) SELECT id FROM "{table}" ORDER BY id;
        INSERT INTO {table}_gram (rowid, grams)
            SELECT number, {there} FROM {table}_gram_row AS found
            JOIN "{table}" AS one ON one.id = found.id ORDER BY number;
        CREATE TRIGGER {table}_gram_insert AFTER INSERT ON "{table}" BEGIN
            INSERT INTO {table}_gram_row (id) VALUES (new.id);
            INSERT INTO {table}_gram (rowid, grams)
                SELECT number, {new} FROM {table}_gram_row WHERE id = new.id;
        END;
        CREATE TRIGGER {table}_gram_update AFTER UPDATE OF search_text ON "{table}"
        WHEN old.search_text <> new.search_text BEGIN
            UPDATE {table}_gram SET grams = {new}
                WHERE rowid = (SELECT number FROM {table}_gram_row WHERE id = new.id);
        END;
        CREATE TRIGGER {table}_gram_delete AFTER DELETE ON "{table}" BEGIN
            DELETE FROM {table}_gram
                WHERE rowid = (SELECT number FROM {table}_gram_row WHERE id = old.id);
            DELETE FROM {table}_gram_row WHERE id = old.id;
        END;
        "#
    )
}

/// SQLite: what a text is found by, with spaces between: the first character and the first two of
/// every tail of it.
fn grams(text: &str) -> String {
    format!(
        "(WITH RECURSIVE tail(text) AS (
            SELECT {text} UNION ALL SELECT substr(text, 2) FROM tail WHERE length(text) > 1
        ) SELECT group_concat(substr(text, 1, 1) || ' ' || substr(text, 1, 2), ' ') FROM tail)"
    )
}
