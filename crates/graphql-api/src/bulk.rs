//! Many things at once: rows in, and for each row what became of it.

use async_graphql::Enum;
use persistence::Effect;

/// What becomes of the good rows where some are bad.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum OnError {
    /// None is taken.
    RejectAll,
    /// They are taken.
    RejectBadRows,
}

impl From<OnError> for persistence::OnError {
    fn from(on_error: OnError) -> Self {
        match on_error {
            OnError::RejectAll => Self::RejectAll,
            OnError::RejectBadRows => Self::RejectBadRows,
        }
    }
}

/// Whether it happens.
pub(crate) fn effect(dry_run: bool) -> Effect {
    if dry_run {
        Effect::Rehearse
    } else {
        Effect::Apply
    }
}

/// Declares the input of many things.
macro_rules! bulk {
    (
        $(#[$meta:meta])*
        $input:ident of $row:ident {
            $( $(#[$head_meta:meta])* $head:ident : $head_type:ty ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(async_graphql::InputObject)]
        pub(crate) struct $input {
            $( $(#[$head_meta])* $head: $head_type, )+
            /// The rows, at most 500.
            rows: Vec<$row>,
            /// What becomes of the good rows where some are bad.
            #[graphql(default_with = "OnError::RejectAll")]
            on_error: OnError,
            /// Whether it is only tried: the answer says what would happen, and nothing does.
            #[graphql(default = false)]
            dry_run: bool,
            /// The caller's own key for this request: sent again within 24 hours with the same input,
            /// it makes nothing new and gets the same answer.
            idempotency_key: Option<String>,
        }

        impl $input {
            /// The rows as the store takes them, if they are no more than it takes.
            fn bulk<T>(&self, row: impl Fn($row) -> T) -> async_graphql::Result<persistence::Bulk<T>> {
                if self.rows.len() > persistence::MOST_ROWS {
                    let most = persistence::MOST_ROWS;
                    return Err($crate::failure::bad_input(format!(
                        "rows takes at most {most}, not {}", self.rows.len()
                    )));
                }
                Ok(persistence::Bulk {
                    rows: self.rows.iter().cloned().map(row).collect(),
                    on_error: self.on_error.into(),
                    effect: effect(self.dry_run),
                })
            }
        }
    };
}
pub(crate) use bulk;

/// Declares what comes back of many things.
macro_rules! bulk_payload {
    (
        $(#[$meta:meta])* $payload:ident of
        $(#[$result_meta:meta])* $result:ident { $(#[$field_meta:meta])* $field:ident : $type:ty }
    ) => {
        $(#[$result_meta])*
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $result {
            /// The place of the row, from 0.
            index: i32,
            /// The caller's own name in the row; null if it has none.
            external_id: Option<String>,
            $(#[$field_meta])*
            $field: Option<$type>,
            /// Everything that was wrong with the row, at once.
            user_errors: $crate::list::List<$crate::user_error::UserError>,
        }

        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $payload {
            /// What became of each row, in order.
            results: $crate::list::List<$result>,
            /// How many were made, or would have been.
            count: i32,
            /// What was wrong with the request as a whole.
            user_errors: $crate::list::List<$crate::user_error::UserError>,
        }
    };
}
pub(crate) use bulk_payload;

/// What comes back of many things.
macro_rules! bulky {
    ($ctx:expr, $made:expr, $keys:expr, $payload:ident, $result:ident, $field:ident : $type:ident) => {{
        let (made, user_errors) = $crate::change::outcome($ctx, $made).await?;
        let mut results = Vec::new();
        let mut count = 0;
        if let Some(made) = made {
            let mut keys = $keys.into_iter();
            let good = made.made;
            count = i32::try_from(made.count).unwrap_or(i32::MAX);
            let right = made
                .rows
                .iter()
                .filter_map(|row| row.as_ref().ok())
                .copied();
            // What was made is looked up at once; after a rehearsal there is nothing to look up.
            let ids: Vec<_> = if good { right.collect() } else { Vec::new() };
            let mut found = $crate::request::session($ctx)?.many(&ids).await?;
            for (index, row) in (0_i32..).zip(made.rows) {
                let mut one = $result {
                    index,
                    external_id: keys.next().flatten(),
                    $field: None,
                    user_errors: $crate::list::List::default(),
                };
                match row {
                    Ok(id) => {
                        one.$field = found.remove(&id).map($type);
                    }
                    Err(refused) => {
                        let place = ["input", "rows", &index.to_string()];
                        one.user_errors =
                            $crate::user_error::refusals($ctx, refused, &place).await?;
                    }
                }
                results.push(one);
            }
        }
        Ok($payload {
            results: results.into_iter().collect(),
            count,
            user_errors,
        })
    }};
}
pub(crate) use bulky;
