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

pub(crate) mod access;
pub(crate) mod agenda;
pub(crate) mod ceremony;
pub(crate) mod directory;
pub(crate) mod event;
pub(crate) mod follow_up;
pub(crate) mod participation;
pub(crate) mod place;
