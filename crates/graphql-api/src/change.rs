//! What all mutations have in common: what is left out stays, what is null goes, who asks again gets
//! the same answer, and all that is wrong is told at once.

use async_graphql::{Context, MaybeUndefined, Result, Value};
use domain::id::Kind;
use domain::{Id, Patch, Refusal, TextDraft};
use persistence::{Error, Refused, Retry};

use crate::failure::{bad_input, denied};
use crate::id::GlobalId;
use crate::list::List;
use crate::node::Node;
use crate::request::session;
use crate::scalar;
use crate::user_error::{UserError, refusals};

/// A member of an input that must be given.
pub(crate) type Required<T> = T;
/// A member of an input that may be left out.
pub(crate) type Optional<T> = Option<T>;

/// A value as it travels, and as the domain takes it.
pub(crate) trait Wire {
    type Plain;
    fn plain(self) -> Self::Plain;
}

impl<K: Kind> Wire for GlobalId<K> {
    type Plain = Id<K>;
    fn plain(self) -> Id<K> {
        self.0
    }
}

impl<T: Wire> Wire for Vec<T> {
    type Plain = Vec<T::Plain>;
    fn plain(self) -> Vec<T::Plain> {
        self.into_iter().map(Wire::plain).collect()
    }
}

macro_rules! wire {
    ($($type:ty => $plain:ty),+ $(,)?) => {$(
        impl Wire for $type {
            type Plain = $plain;
            fn plain(self) -> $plain {
                self.into()
            }
        }
    )+};
}

wire! {
    String => String,
    i32 => i32,
    crate::word::EventKind => domain::event::EventKind,
    crate::word::EventVisibility => domain::event::EventVisibility,
    crate::word::OrganizationKind => domain::organization::OrganizationKind,
    crate::word::EventOrganizationRole => domain::event_organization::EventOrganizationRole,
    crate::word::ParticipantCategory => domain::participant::ParticipantCategory,
    crate::word::ParticipantStatus => domain::participant::ParticipantState,
    crate::word::DelegateRole => domain::participant::DelegateRole,
    crate::word::AgendaItemKind => domain::agenda::AgendaItemKind,
    crate::word::AppearanceRole => domain::appearance::AppearanceRole,
    crate::word::AwardKind => domain::award::AwardKind,
    crate::word::ActionItemStatus => domain::action_item::ActionItemState,
}

macro_rules! wire_scalars {
    ($($scalar:ident => $plain:ty),+ $(,)?) => {$(
        impl Wire for scalar::$scalar {
            type Plain = $plain;
            fn plain(self) -> $plain {
                self.0
            }
        }
    )+};
}

wire_scalars! {
    Date => chrono::NaiveDate,
    DateTime => chrono::DateTime<chrono::Utc>,
    LocalDateTime => chrono::NaiveDateTime,
    LanguageTag => domain::LanguageTag,
    Url => String,
}

/// Whether something is done again and again, as a yes or a no.
impl Wire for bool {
    type Plain = domain::release::Recurrence;
    fn plain(self) -> domain::release::Recurrence {
        domain::release::Recurrence::from_flag(Some(self))
    }
}

/// A text in one or more languages.
#[derive(Debug, Clone, async_graphql::InputObject)]
pub(crate) struct LocalizedTextInput {
    /// The main language: readers of languages that are not there get this one.
    language: scalar::LanguageTag,
    /// The text in the main language.
    text: String,
    /// The text in further languages; left out, those that are known stay, an empty list takes them
    /// away.
    translations: Option<Vec<TranslationInput>>,
}

/// A text in one language.
#[derive(Debug, Clone, async_graphql::InputObject)]
pub(crate) struct TranslationInput {
    /// The language.
    language: scalar::LanguageTag,
    /// The text.
    text: String,
}

impl Wire for LocalizedTextInput {
    type Plain = TextDraft;
    fn plain(self) -> TextDraft {
        TextDraft {
            language: self.language.0,
            text: self.text,
            translations: self.translations.map(Wire::plain),
        }
    }
}

impl Wire for TranslationInput {
    type Plain = (domain::LanguageTag, String);
    fn plain(self) -> Self::Plain {
        (self.language.0, self.text)
    }
}

/// A person or an organization: exactly one of them.
#[derive(Clone, async_graphql::OneofObject)]
pub(crate) enum PartyInput {
    /// A person.
    #[graphql(name = "personId")]
    Person(GlobalId<domain::id::kind::Person>),
    /// An organization.
    #[graphql(name = "organizationId")]
    Organization(GlobalId<domain::id::kind::Organization>),
}

impl Wire for PartyInput {
    type Plain = domain::organization::Party;
    fn plain(self) -> Self::Plain {
        match self {
            Self::Person(id) => domain::organization::Party::Person(id.0),
            Self::Organization(id) => domain::organization::Party::Organization(id.0),
        }
    }
}

/// What becomes of a member: left out it stays, null takes it away.
pub(crate) fn patch<T: Wire>(value: MaybeUndefined<T>) -> Patch<T::Plain> {
    match value {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(value.plain()),
    }
}

/// What a member of a new thing is.
pub(crate) fn given<T: Wire>(value: Option<T>) -> Patch<T::Plain> {
    value.map(Wire::plain).into()
}

/// A member of a new thing, by whether it must be given.
macro_rules! given_as {
    (Required, $value:expr) => {
        domain::Patch::Set($crate::change::Wire::plain($value))
    };
    (Optional, $value:expr) => {
        $crate::change::given($value)
    };
}
pub(crate) use given_as;

/// Declares what is said of a noun: the input that makes one, the patch, and the input that changes
/// one. Each member names the domain's after the arrow.
macro_rules! editable {
    (
        $domain:path [$($order:ident)?] {
            $( $(#[$meta:meta])* $field:ident : $need:ident $type:ty => $to:ident ),+ $(,)?
        }
        $(#[$create_meta:meta])*
        create $create:ident {
            $( $(#[$head_meta:meta])* $head:ident : $head_type:ty ),+ $(,)?
        }
        $(#[$patch_meta:meta])*
        patch $patch:ident
        $(#[$update_meta:meta])*
        update $update:ident ($kind:path)
    ) => {
        $(#[$create_meta])*
        #[derive(Clone, async_graphql::InputObject)]
        pub(crate) struct $create {
            $( $(#[$head_meta])* $head: $head_type, )+
            $( $(#[$meta])* $field: $crate::change::$need<$type>, )+
            $(
                /// Its place in the list, from 0; the others make room. Left out, it is the last.
                $order: Option<i32>,
            )?
            /// The caller's own key for this request: sent again within 24 hours with the same input,
            /// it makes nothing new and gets the same answer.
            idempotency_key: Option<String>,
        }

        impl $create {
            /// What is said of it.
            fn fields(&self) -> $domain {
                $domain { $( $to: $crate::change::given_as!($need, self.$field.clone()), )+ }
            }

            $(
                /// Where it is to stand.
                fn $order(&self) -> domain::Patch<i32> {
                    self.$order.into()
                }
            )?
        }

        $(#[$patch_meta])*
        #[derive(Clone, async_graphql::InputObject)]
        pub(crate) struct $patch {
            $( $(#[$meta])* $field: async_graphql::MaybeUndefined<$type>, )+
            $(
                /// Its place in the list, from 0; the others make room.
                $order: async_graphql::MaybeUndefined<i32>,
            )?
        }

        impl $patch {
            /// What is to be otherwise.
            pub(crate) fn fields(&self) -> $domain {
                $domain { $( $to: $crate::change::patch(self.$field.clone()), )+ }
            }

            $(
                /// Where it is to stand.
                pub(crate) fn $order(&self) -> domain::Patch<i32> {
                    $crate::change::patch(self.$order)
                }
            )?
        }

        $(#[$update_meta])*
        #[derive(Clone, async_graphql::InputObject)]
        pub(crate) struct $update {
            /// Which.
            id: $crate::id::GlobalId<$kind>,
            /// The version that the caller has seen: if it is at another by now, nothing is changed.
            expected_version: i32,
            /// What is to be otherwise. What is left out stays; null takes away what is known.
            pub(crate) patch: $patch,
        }

        impl $update {
            pub(crate) fn seen(&self) -> persistence::Seen<$kind> {
                persistence::Seen { id: self.id.0, version: self.expected_version }
            }
        }
    };
}
pub(crate) use editable;

/// Declares what comes back of a thing that was made or changed.
macro_rules! payload {
    ($(#[$meta:meta])* $payload:ident { $(#[$field_meta:meta])* $field:ident : $type:ty }) => {
        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $payload {
            $(#[$field_meta])*
            $field: Option<$type>,
            /// Everything that was wrong, at once. If there is anything, nothing was changed.
            user_errors: $crate::list::List<$crate::user_error::UserError>,
        }
    };
}
pub(crate) use payload;

/// Declares how a thing is removed, and what comes back.
macro_rules! removal {
    ($input:ident, $payload:ident, $kind:path, $noun:literal) => {
        #[doc = concat!("Which ", $noun, " to remove.")]
        #[derive(async_graphql::InputObject)]
        pub(crate) struct $input {
            /// Which.
            id: $crate::id::GlobalId<$kind>,
            /// The version that the caller has seen: if it is at another by now, nothing is removed.
            expected_version: i32,
        }

        impl $input {
            fn seen(&self) -> persistence::Seen<$kind> {
                persistence::Seen {
                    id: self.id.0,
                    version: self.expected_version,
                }
            }
        }

        #[doc = concat!("What became of removing a ", $noun, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $payload {
            /// The id of what was removed; null if nothing was.
            removed_id: Option<async_graphql::ID>,
            /// Everything that was wrong, at once. If there is anything, nothing was removed.
            user_errors: $crate::list::List<$crate::user_error::UserError>,
        }
    };
}
pub(crate) use removal;

/// How often the caller may have asked before: its key, with all of the input.
pub(crate) fn retry(ctx: &Context<'_>, key: Option<&String>) -> Result<Option<Retry>> {
    let Some(key) = key else { return Ok(None) };
    if key.parse::<domain::Key>().is_err() {
        return Err(bad_input(
            "idempotencyKey must be a line of 1 to 200 characters",
        ));
    }
    let mut input = String::new();
    for (name, value) in ctx.field().arguments()? {
        input.push_str(&name);
        spell(&value, &mut input);
    }
    Ok(Some(Retry {
        key: key.clone(),
        input,
    }))
}

/// A value in one spelling, whatever the order in which its members were sent.
fn spell(value: &Value, into: &mut String) {
    if let Value::Object(members) = value {
        let mut members: Vec<_> = members.iter().collect();
        members.sort_by_key(|(name, _)| name.as_str());
        into.push('{');
        for (name, value) in members {
            into.push_str(name);
            into.push(':');
            spell(value, into);
            into.push(',');
        }
        into.push('}');
    } else if let Value::List(values) = value {
        into.push('[');
        for value in values {
            spell(value, into);
            into.push(',');
        }
        into.push(']');
    } else {
        // Strings come quoted.
        into.push_str(&value.to_string());
    }
}

/// What came of a use case: what it gives, or what was wrong. What was loaded before is forgotten,
/// so that the answer says what is there now.
pub(crate) async fn outcome<T, R: Refusal>(
    ctx: &Context<'_>,
    result: Result<T, Refused<R>>,
) -> Result<(Option<T>, List<UserError>)> {
    match result {
        Ok(made) => {
            session(ctx)?.forget();
            Ok((Some(made), List::default()))
        }
        Err(Error::Refused(refused)) => {
            session(ctx)?.forget();
            let errors = refusals(ctx, refused, &["input"]).await?;
            Ok((None, errors))
        }
        Err(Error::Denied(reason)) => Err(denied(reason)),
        Err(Error::Fault(error)) => Err(error.into()),
    }
}

/// The same, of a use case that gives nothing: what it was about is still there.
pub(crate) async fn about<T, R: Refusal, A>(
    ctx: &Context<'_>,
    result: Result<A, Refused<R>>,
    thing: T,
) -> Result<(Option<T>, List<UserError>)> {
    outcome(ctx, result.map(|_| thing)).await
}

/// The thing that an id names now, for a payload.
pub(crate) async fn now<K: Kind>(ctx: &Context<'_>, id: Option<Id<K>>) -> Result<Option<Node>> {
    match id {
        Some(id) => crate::node::node(ctx, &id.to_string()).await,
        None => Ok(None),
    }
}

/// What a payload gives of what was made or changed.
macro_rules! thing {
    ($ctx:expr, $id:expr, $kind:ident) => {
        match $crate::change::now($ctx, $id).await? {
            Some($crate::node::Node::$kind(found)) => Some(found),
            _ => None,
        }
    };
}
pub(crate) use thing;
