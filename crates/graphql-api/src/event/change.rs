//! Making events, describing them, and the steps of their life.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::event as facts;
use domain::id::kind;

use super::Event;
use crate::bulk::effect;
use crate::change::{
    LocalizedTextInput, Wire, about, editable, given, outcome, payload, retry, thing,
};
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::{Date, LocalDateTime, TimeZone};
use crate::user_error::UserError;
use crate::word::{DayPart, EventKind, EventVisibility, Permission};

/// When an event takes place: wall-clock times in a zone, exactly as far as they are known.
#[derive(Clone, InputObject)]
pub(crate) struct EventTimeInput {
    /// The zone whose clocks the event goes by.
    time_zone: TimeZone,
    /// The first day.
    starts_on: Date,
    /// The last day; the first, if nothing is said.
    ends_on: Option<Date>,
    /// The part of the day, where no hour is known, or besides it.
    day_part: Option<DayPart>,
    /// When it begins, by the clocks there: on the first day.
    starts_at_local: Option<LocalDateTime>,
    /// When it ends, by the clocks there.
    ends_at_local: Option<LocalDateTime>,
}

impl Wire for EventTimeInput {
    type Plain = domain::time::EventTime;
    fn plain(self) -> domain::time::EventTime {
        domain::time::EventTime {
            zone: self.time_zone.0,
            starts_on: self.starts_on.0,
            ends_on: self.ends_on.unwrap_or(self.starts_on).0,
            day_part: self.day_part.map(Into::into),
            starts_at: self.starts_at_local.map(|local| local.0),
            ends_at: self.ends_at_local.map(|local| local.0),
        }
    }
}

editable! {
    facts::EventPatch [] {
        /// Its name in addresses and in documents, unique in the workspace: lower-case letters, digits
        /// and single hyphens.
        slug: Required String => slug,
        /// What kind of event.
        kind: Required EventKind => kind,
        /// What it is called.
        title: Required LocalizedTextInput => title,
        /// When it takes place. Given, it replaces all that was known of its time.
        time: Required EventTimeInput => time,
        /// Who may see it once it is published. Then it is changed by who may publish it.
        visibility: Optional EventVisibility => visibility,
        /// What it is also called. Given, it replaces all.
        alternative_titles: Optional Vec<String> => alternative_titles,
        /// What it is about.
        theme: Optional LocalizedTextInput => theme,
        /// The subjects it deals with, in order. Given, it replaces all.
        topics: Optional Vec<String> => topics,
        /// The town or district, as people say it.
        locality: Optional String => locality,
        /// The building.
        venue_id: Optional GlobalId<kind::Venue> => venue_id,
        /// The room, where the whole event is in one.
        room_id: Optional GlobalId<kind::Room> => room_id,
        /// How many can take part, if there is a limit.
        capacity: Optional i32 => capacity,
        /// How many minutes people have to get from one room to another, at most 240; five, if nothing
        /// is said. With 0 it is not looked at.
        room_change_minutes: Optional i32 => room_change_minutes,
        /// The event that it is part of.
        parent_id: Optional GlobalId<kind::Event> => parent_id,
        /// The series that it is one of.
        series_id: Optional GlobalId<kind::Series> => series_id,
    }
    /// An event to be made. It begins as a draft, which organisers alone see.
    create EventCreateInput {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
    /// What is to be otherwise of an event.
    patch EventPatch
    /// Which event to change, and how.
    update EventUpdateInput (kind::Event)
}

payload! {
    /// What became of making an event.
    EventCreatePayload {
        /// The event; null if there were problems.
        event: Event
    }
}
payload! {
    /// What became of changing an event.
    EventUpdatePayload {
        /// The event as it is now; null if there were problems.
        event: Event
    }
}

/// Declares a step in the life of an event.
macro_rules! step {
    ($input:ident, $payload:ident, $doing:literal) => {
        #[doc = concat!("Which event to ", $doing, ".")]
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// Which.
            id: GlobalId<kind::Event>,
            /// The version that the caller has seen: if it is at another by now, nothing happens.
            expected_version: i32,
        }
        step!($payload, $doing);
    };
    ($payload:ident, $doing:literal) => {
        payload! {
            #[doc = concat!("What became of the wish to ", $doing, " an event.")]
            $payload {
                /// The event as it is now; null if there were problems.
                event: Event
            }
        }
    };
}

step!(EventPublishInput, EventPublishPayload, "announce");
step!(EventConcludeInput, EventConcludePayload, "declare over");
step!(EventCancelPayload, "call off");

/// Which event to call off.
#[derive(InputObject)]
pub(crate) struct EventCancelInput {
    /// Which.
    id: GlobalId<kind::Event>,
    /// The version that the caller has seen: if it is at another by now, nothing happens.
    expected_version: i32,
    /// Why, for those concerned.
    reason: Option<String>,
}

/// Which event to remove.
#[derive(InputObject)]
pub(crate) struct EventRemoveInput {
    /// Which: a draft.
    id: GlobalId<kind::Event>,
    /// The version that the caller has seen: if it is at another by now, nothing is removed.
    expected_version: i32,
    /// Whether it is only tried: the answer says how much would go, and nothing does.
    #[graphql(default = false)]
    dry_run: bool,
}

/// What became of removing an event.
#[derive(SimpleObject)]
pub(crate) struct EventRemovePayload {
    /// The id of the event that was removed; null after a dry run, and if there were problems.
    removed_id: Option<ID>,
    /// How many things went with it, or would go; null if there were problems.
    removed_parts: Option<i32>,
    /// Everything that was wrong, at once. If there is anything, nothing was removed.
    user_errors: List<UserError>,
}

/// What is taken over from an event besides what is said of it.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "persistence::EventPart")]
pub(crate) enum EventPart {
    /// The organizations with their roles, without delegations.
    Organizations,
    /// The groups whom nobody has named.
    Groups,
    /// The agenda: tracks and items, each as much later as the event.
    Agenda,
    /// Who appears, on what is taken over; and so the participants that they are.
    Appearances,
    /// What is still to be done, as a briefing at the end of the agenda, item by item.
    OpenActionItems,
}

/// An event to be made after another: next year's begins with what this one was.
#[derive(InputObject)]
pub(crate) struct EventCopyInput {
    /// The event after which it is made.
    id: GlobalId<kind::Event>,
    /// Its own name in addresses, unique in the workspace.
    slug: String,
    /// What it is called; as the other, if nothing is said.
    title: Option<LocalizedTextInput>,
    /// Its first day. All other times are as much later.
    starts_on: Date,
    /// What is taken over besides what is said of the event.
    #[graphql(
        default_with = "vec![EventPart::Organizations, EventPart::Groups, EventPart::Agenda, EventPart::OpenActionItems]"
    )]
    parts: Vec<EventPart>,
    /// Whether it is only tried: the answer says what is wrong, and nothing is made.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it
    /// makes nothing new and gets the same answer.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of making an event after another.
    EventCopyPayload {
        /// The new event, a draft; null after a dry run, and if there were problems.
        event: Event
    }
}

/// Making events.
#[derive(Debug, Default)]
pub(crate) struct EventMutation;

#[Object]
impl EventMutation {
    /// Makes an event, as a draft. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: EventCreateInput,
    ) -> Result<EventCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let new = persistence::NewEvent {
            workspace: input.workspace_id.0,
            time: input.time.clone().plain(),
            fields: facts::EventPatch {
                time: domain::Patch::Keep,
                ..input.fields()
            },
        };
        let made = Box::pin(
            session
                .store
                .create_event(&session.actor, new, retry.as_ref()),
        )
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(EventCreatePayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Makes a draft after another event: next year's begins with what this one was. Needs the
    /// permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_copy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After which event, and when.")] input: EventCopyInput,
    ) -> Result<EventCopyPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let copy = persistence::EventCopy {
            source: input.id.0,
            slug: input.slug,
            title: given(input.title),
            starts_on: input.starts_on.0,
            parts: input.parts.into_iter().map(Into::into).collect(),
        };
        let made = Box::pin(session.store.copy_event(
            &session.actor,
            copy,
            effect(input.dry_run),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(EventCopyPayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Changes what is said of an event. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event to change, and how.")] input: EventUpdateInput,
    ) -> Result<EventUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_event(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventUpdatePayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Announces an event that was a draft: from now on those may see it who its visibility names. Its
    /// agenda is published with it as version 1, unless it was published before; nobody is told, and what
    /// is changed on the agenda from then on, `agendaPublish` publishes. Needs the permission
    /// `EVENT_PUBLISH`.
    #[graphql(directive = requires::apply(Permission::EventPublish))]
    async fn event_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event to announce.")] input: EventPublishInput,
    ) -> Result<EventPublishPayload> {
        let session = session(ctx)?;
        let expected = Some(input.expected_version);
        let done = Box::pin(
            session
                .store
                .publish_event(&session.actor, input.id.0, expected),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventPublishPayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Declares an event that was announced to be over. Needs the permission `EVENT_PUBLISH`.
    #[graphql(directive = requires::apply(Permission::EventPublish))]
    async fn event_conclude(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event is over.")] input: EventConcludeInput,
    ) -> Result<EventConcludePayload> {
        let session = session(ctx)?;
        let expected = Some(input.expected_version);
        let done = Box::pin(
            session
                .store
                .conclude_event(&session.actor, input.id.0, expected),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventConcludePayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Calls an event off. Needs the permission `EVENT_PUBLISH`.
    #[graphql(directive = requires::apply(Permission::EventPublish))]
    async fn event_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event to call off, and why.")] input: EventCancelInput,
    ) -> Result<EventCancelPayload> {
        let session = session(ctx)?;
        let expected = Some(input.expected_version);
        let reason = input.reason.as_deref();
        let done = Box::pin(session.store.cancel_event(
            &session.actor,
            input.id.0,
            expected,
            reason,
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventCancelPayload {
            event: thing!(ctx, id, Event),
            user_errors,
        })
    }

    /// Removes an event that was never announced, with all that belongs to it; what was announced is
    /// called off instead (`eventCancel`). Needs the permission `EVENT_PUBLISH`.
    #[graphql(directive = requires::apply(Permission::EventPublish))]
    async fn event_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event to remove.")] input: EventRemoveInput,
    ) -> Result<EventRemovePayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.remove_event(
            &session.actor,
            seen,
            effect(input.dry_run),
        ))
        .await;
        let (parts, user_errors) = outcome(ctx, done).await?;
        let gone = parts.is_some() && !input.dry_run;
        Ok(EventRemovePayload {
            removed_id: gone.then(|| global(input.id.0)),
            removed_parts: parts.map(|parts| i32::try_from(parts).unwrap_or(i32::MAX)),
            user_errors,
        })
    }
}
