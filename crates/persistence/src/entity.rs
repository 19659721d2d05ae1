//! The tables as SeaORM sees them. Private to the store: outside, only domain values are known.

/// One table: its name, its row, and its primary key marked `#[sea_orm(primary_key)]`.
macro_rules! table {
    ($name:literal { $( $(#[$meta:meta])* $field:ident : $type:ty ),+ $(,)? }) => {
        #[derive(Clone, Debug, PartialEq, sea_orm::DeriveEntityModel)]
        #[sea_orm(table_name = $name)]
        pub(crate) struct Model { $( $(#[$meta])* pub(crate) $field: $type, )+ }

        #[derive(Copy, Clone, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub(crate) enum Relation {}

        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}

/// A table of things that people make, change and remove: what its rows hold can be written down
/// and read back (`crate::record`).
macro_rules! thing {
    ($name:literal { $( $(#[$meta:meta])* $field:ident : $type:ty ),+ $(,)? }) => {
        table!($name { $( $(#[$meta])* $field : $type, )+ });

        impl crate::record::Recorded for Model {
            fn record(&self) -> crate::record::Record {
                let mut record = crate::record::Record::new();
                $( record.insert(
                    stringify!($field).to_owned(),
                    crate::record::Written::write(&self.$field),
                ); )+
                record
            }

            fn from_record(mut record: crate::record::Record) -> Option<Self> {
                Some(Self { $(
                    $field: crate::record::Written::read(
                        record.remove(stringify!($field)).unwrap_or_default(),
                    )?,
                )+ })
            }
        }
    };
}

/// The domain's value of a row and the row of a value, member by member. What is a `part` of
/// something does not itself say to which workspace it belongs.
macro_rules! mapped {
    (part $thing:path { $($field:ident),+ $(,)? }) => {
        mapped!(@out $thing { $($field),+ });

        impl Model {
            pub(crate) fn of(workspace: domain::id::WorkspaceId, thing: $thing) -> Self {
                Self {
                    workspace_id: DbId(workspace),
                    $( $field: crate::column::Stored::store(thing.$field), )+
                }
            }
        }
    };
    (directory $thing:path { $($field:ident),+ $(,)? }) => {
        mapped!(@out $thing { $($field),+ });

        impl From<$thing> for Model {
            fn from(thing: $thing) -> Self {
                Self { $( $field: crate::column::Stored::store(thing.$field), )+ }
            }
        }
    };
    (@out $thing:path { $($field:ident),+ }) => {
        impl From<Model> for $thing {
            fn from(row: Model) -> Self {
                Self { $( $field: crate::column::Stored::value(row.$field), )+ }
            }
        }
    };
}

pub(crate) mod access;
pub(crate) mod agenda;
pub(crate) mod audit;
pub(crate) mod ceremony;
pub(crate) mod credential;
pub(crate) mod directory;
pub(crate) mod event;
pub(crate) mod follow_up;
pub(crate) mod message;
pub(crate) mod participation;
pub(crate) mod place;
pub(crate) mod received_mail;
