//! Events and series.

mod change;
mod filter;
mod series;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::access::Permission as Act;
use persistence::{CredentialsOf, LettersOf, MessagesOf, ParticipantsOf};

use persistence::AuditOf;

use crate::action_item::ActionItem;
use crate::agenda::{A_VERSION, Agenda, AgendaDiff, AgendaRevision, AgendaVersion, published};
use crate::appearance::Appearance;
use crate::appointment_letter::AppointmentLetterConnection;
use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::award::Award;
use crate::connection::{Count, connection, page};
use crate::credential::{CredentialConnection, CredentialFilter};
use crate::event_organization::EventOrganization;
use crate::failure::{Vanished, bad_input, bad_page, or_null};
use crate::http::error::fault;
use crate::id::global;
use crate::list::{List, pay};
use crate::load::{
    ActionItemsOf, AgendaNumbered, AgendaOf, AgendaVersionsOf, AppearancesOf, AwardsOf, FoundedAt,
    GroupsOf, ReleasesOf, ReportsOf, ResolutionsOf, RevisionsOf, RolesOf,
};
use crate::message::{MessageConnection, MessageFilter};
use crate::organization::Organization;
use crate::participant::{ParticipantConnection, ParticipantFilter, ParticipantGroup};
use crate::received_mail::{ReceivedMailConnection, ReceivedMailFilter, received_mail};
use crate::release::Release;
use crate::report::Report;
use crate::request::{found, session, text};
use crate::requires::requires;
use crate::resolution::Resolution;
use crate::scalar::{Date, DateTime, LanguageTag, LocalDateTime, TimeZone, Url};
use crate::translation::{Translation, translations};
use crate::venue::{Room, Venue};
use crate::word::{
    AppearanceRole, DayPart, EventKind, EventOrganizationRole, EventStatus, EventVisibility,
    Permission, TimePrecision,
};
use crate::workspace::Workspace;

pub(crate) use change::EventMutation;
pub(crate) use filter::{EventFilter, EventOrder};
pub(crate) use series::{Series, SeriesMutation};

/// An event.
#[derive(Clone)]
pub(crate) struct Event(pub(crate) Arc<domain::event::Event>);

/// Something convened: a conference, a forum, a round table, a visit, a ceremony.
#[Object]
impl Event {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change to the event itself.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its name in addresses and in documents, unique in the workspace.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// The workspace that it belongs to.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Workspace> {
        let workspace = session(ctx)?.one(self.0.workspace_id).await?;
        workspace.map(Workspace).ok_or_else(|| fault(&Vanished))
    }

    /// What kind of event.
    async fn kind(&self) -> EventKind {
        self.0.kind.into()
    }

    /// How far it has come.
    async fn status(&self) -> EventStatus {
        self.0.status.state().into()
    }

    /// Who may see it once it is published.
    async fn visibility(&self) -> EventVisibility {
        self.0.visibility.into()
    }

    /// When it was published; null if it was not.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.status.published_at().map(DateTime)
    }

    /// What it is called, in the language that suits the reader best.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.0.title, language.as_ref())
    }

    /// What it is called in each language, the main one first.
    async fn title_translations(&self) -> List<Translation> {
        translations(&self.0.title)
    }

    /// What it is also called.
    async fn alternative_titles(&self) -> &[String] {
        &self.0.alternative_titles
    }

    /// What it is about; null if no theme was given.
    async fn theme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Option<String> {
        self.0
            .theme
            .as_ref()
            .map(|theme| text(ctx, theme, language.as_ref()))
    }

    /// The subjects it deals with, in order.
    async fn topics(&self) -> &[String] {
        &self.0.topics
    }

    /// The town or district, as people say it; null if it is not known.
    async fn locality(&self) -> Option<&str> {
        self.0.locality.as_deref()
    }

    /// When it takes place, exactly as far as that is known.
    async fn time(&self) -> EventTime {
        EventTime::from(&self.0.time)
    }

    /// The building; null if it is not known, or there is more than one.
    async fn venue(&self, ctx: &Context<'_>) -> Result<Option<Venue>> {
        Ok(found(ctx, self.0.venue_id).await?.map(Venue))
    }

    /// The room; null if it is not known, or there is more than one.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        Ok(found(ctx, self.0.room_id).await?.map(Room))
    }

    /// Where its calendar is read from, to be subscribed to: the event, and its agenda as it was
    /// published. Null while not everybody may see it.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let site = &session(ctx)?.site;
        let url = || Url(site.event_calendar(self.0.id));
        Ok(self.0.is_for_everybody().then(url))
    }

    /// How many can take part; null if there is no limit.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// How many minutes people have to get from one room to another; null if nothing is said, and so
    /// five, and without the permission `AGENDA_EDIT`. With 0 it is not looked at.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn room_change_minutes(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let may = self.may(ctx, Act::AgendaEdit)?;
        Ok(self.0.room_change_minutes.filter(|_| may))
    }

    /// The event that it is part of; null if there is none, or none the reader may see.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
        Ok(found(ctx, self.0.parent_id).await?.map(Event))
    }

    /// The series that it is one of; null if there is none.
    async fn series(&self, ctx: &Context<'_>) -> Result<Option<Series>> {
        Ok(found(ctx, self.0.series_id).await?.map(Series))
    }

    /// The organizations with a role in it, in protocol order.
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with this role.")] role: Option<EventOrganizationRole>,
    ) -> Result<List<EventOrganization>> {
        let all = session(ctx)?.list(RolesOf(self.0.id)).await?;
        let all = all
            .into_iter()
            .filter(|one| role.is_none_or(|role| role == one.role.into()));
        Ok(all.map(EventOrganization).collect())
    }

    /// Who does what for the event as a whole, in order: who chairs it, leads the visit, is host.
    /// Who does what on an item, the item says.
    async fn appearances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this role.")] role: Option<AppearanceRole>,
    ) -> Result<List<Appearance>> {
        let all = session(ctx)?.list(AppearancesOf(self.0.id)).await?;
        let all = all.into_iter().filter(|one| one.item_id.is_none());
        let all = all.filter(|one| role.is_none_or(|role| role == one.role.into()));
        Ok(all.map(Appearance::Loose).collect())
    }

    /// The agenda that everybody who may see the event may see, as it was published last, or another
    /// version that was published. Null while none was published: announcing the event publishes the
    /// first, unless that was done before.
    async fn agenda(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of a version; else the last.")] version: Option<i32>,
    ) -> Result<Option<Agenda>> {
        if version.is_some() {
            pay(ctx, A_VERSION)?;
        }
        let found = match version.or(self.0.agenda_version) {
            Some(number) => found(ctx, Some(AgendaNumbered(self.0.id, number))).await?,
            None => None,
        };
        Ok(found.map(Agenda::from))
    }

    /// The versions of its agenda that were published, the last first.
    async fn agenda_versions(&self, ctx: &Context<'_>) -> Result<List<AgendaVersion>> {
        let versions = session(ctx)?.list(AgendaVersionsOf(self.0.id)).await?;
        Ok(versions.into_iter().map(AgendaVersion).collect())
    }

    /// What is otherwise between two versions of its agenda that were published. Null where there is no
    /// such version.
    async fn agenda_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The number of the earlier one, 0 for an empty agenda; else the one before."
        )]
        from: Option<i32>,
        #[graphql(desc = "The number of the later one; else the last.")] to: Option<i32>,
    ) -> Result<Option<AgendaDiff>> {
        pay(ctx, 2 * A_VERSION)?;
        let Some(to) = to.or(self.0.agenda_version) else {
            return Ok(None);
        };
        let from = from.unwrap_or_else(|| to.saturating_sub(1));
        let diff = async {
            let before = published(ctx, &self.0, from).await?;
            let after = published(ctx, &self.0, to).await?;
            let both = before.zip(after);
            Ok(both.map(|(before, after)| AgendaDiff::between(before, after)))
        };
        or_null(ctx, diff.await)
    }

    /// What is otherwise between a version that was published and the draft: what publishing it would
    /// change. Null where there is no such version, and without the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn draft_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the version, 0 for an empty agenda; else the last.")]
        from: Option<i32>,
    ) -> Result<Option<AgendaDiff>> {
        if !self.may(ctx, Act::AgendaEdit)? {
            return Ok(None);
        }
        let from = from.or(self.0.agenda_version).unwrap_or(0);
        let diff = async {
            let before = published(ctx, &self.0, from).await?;
            let after = session(ctx)?.one(AgendaOf(self.0.id)).await?;
            let both = before.zip(after);
            Ok(both.map(|(before, after)| AgendaDiff::between(before, after)))
        };
        or_null(ctx, diff.await)
    }

    /// The changes of its draft, the first first: what was done since a revision. Null without the
    /// permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those behind this revision; else from the first.")] after: Option<i32>,
        #[graphql(desc = "So many, at most 100; 25 if nothing is said.")] first: Option<i32>,
    ) -> Result<Option<List<AgendaRevision>>> {
        if !self.may(ctx, Act::AgendaEdit)? {
            return Ok(None);
        }
        let revisions = async {
            let first = first.unwrap_or(25);
            if !(1..=100).contains(&first) {
                let message = format!("first must be between 1 and 100, not {first}");
                return Err(bad_input(message));
            }
            let key = RevisionsOf(self.0.id, after.unwrap_or(0), first.unsigned_abs());
            let found = session(ctx)?.list(key).await?;
            Ok(Some(found.into_iter().map(AgendaRevision).collect()))
        };
        or_null(ctx, revisions.await)
    }

    /// The agenda that organisers work on. Null without the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn draft_agenda(&self, ctx: &Context<'_>) -> Result<Option<Agenda>> {
        if !self.may(ctx, Act::AgendaEdit)? {
            return Ok(None);
        }
        let draft = found(ctx, Some(AgendaOf(self.0.id))).await?;
        Ok(draft.map(Agenda::draft))
    }

    /// Who takes part, in protocol order. Null without the permission `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<ParticipantFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<ParticipantConnection>> {
        if !self.may(ctx, Act::ParticipantRead)? {
            return Ok(None);
        }
        let found = async {
            let filter = filter.unwrap_or_default().checked()?;
            let page = page(first, after, last, before)?;
            let key = ParticipantsOf {
                event: self.0.id,
                filter: filter.clone(),
                page,
            };
            let Some(page) = session(ctx)?.one(key).await? else {
                return Ok(None);
            };
            let count = Count::Participants(self.0.id, filter);
            Ok(Some(ParticipantConnection::new(
                page.map_err(bad_page)?,
                count,
            )))
        };
        or_null(ctx, found.await)
    }

    /// The mail that came in about it, the latest first. Null without the permission `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn received_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of it.")] filter: Option<ReceivedMailFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<ReceivedMailConnection>> {
        if !self.may(ctx, Act::ParticipantRead)? {
            return Ok(None);
        }
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        received_mail(ctx, self.0.id, filter, slice).await
    }

    /// What was issued at it, in the order of the numbers. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn credentials(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<CredentialFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<CredentialConnection>> {
        if !self.may(ctx, Act::LetterRead)? {
            return Ok(None);
        }
        let found = async {
            let filter = filter.unwrap_or_default().checked();
            let key = CredentialsOf {
                event: self.0.id,
                filter: filter.clone(),
                page: page(first, after, last, before)?,
            };
            let Some(page) = session(ctx)?.one(key).await? else {
                return Ok(None);
            };
            let count = Count::Credentials(self.0.id, filter);
            let page = page.map_err(bad_page)?;
            Ok(Some(CredentialConnection::new(page, count)))
        };
        or_null(ctx, found.await)
    }

    /// What was told about it to those whom it concerns, the latest first. Null without the permission
    /// `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<MessageFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<MessageConnection>> {
        if !self.may(ctx, Act::ParticipantRead)? {
            return Ok(None);
        }
        let found = async {
            let filter = filter.unwrap_or_default().checked();
            let key = MessagesOf {
                event: self.0.id,
                filter: filter.clone(),
                page: page(first, after, last, before)?,
            };
            let Some(page) = session(ctx)?.one(key).await? else {
                return Ok(None);
            };
            let count = Count::Messages(self.0.id, filter);
            let page = page.map_err(bad_page)?;
            Ok(Some(MessageConnection::new(page, count)))
        };
        or_null(ctx, found.await)
    }

    /// People who take part and whom nobody has named, in order.
    async fn participant_groups(&self, ctx: &Context<'_>) -> Result<List<ParticipantGroup>> {
        let groups = session(ctx)?.list(GroupsOf(self.0.id)).await?;
        Ok(groups.into_iter().map(ParticipantGroup::Loose).collect())
    }

    /// The organizations founded at it.
    async fn founded_organizations(&self, ctx: &Context<'_>) -> Result<List<Organization>> {
        let founded = session(ctx)?.list(FoundedAt(self.0.id)).await?;
        Ok(founded.into_iter().map(Organization).collect())
    }

    /// What is made public at it, on the agenda or beside it, in order.
    async fn releases(&self, ctx: &Context<'_>) -> Result<List<Release>> {
        Ok(session(ctx)?
            .list(ReleasesOf(self.0.id))
            .await?
            .into_iter()
            .map(Release)
            .collect())
    }

    /// What is awarded at it, on the agenda or beside it, in order.
    async fn awards(&self, ctx: &Context<'_>) -> Result<List<Award>> {
        Ok(session(ctx)?
            .list(AwardsOf(self.0.id))
            .await?
            .into_iter()
            .map(Award::Loose)
            .collect())
    }

    /// The appointment letters given at it, in order. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn appointment_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AppointmentLetterConnection>> {
        if !self.may(ctx, Act::LetterRead)? {
            return Ok(None);
        }
        let found = async {
            let page = page(first, after, last, before)?;
            let key = LettersOf {
                event: self.0.id,
                page,
            };
            let Some(page) = session(ctx)?.one(key).await? else {
                return Ok(None);
            };
            let count = Count::Letters(self.0.id);
            Ok(Some(AppointmentLetterConnection::new(
                page.map_err(bad_page)?,
                count,
            )))
        };
        or_null(ctx, found.await)
    }

    /// What was decided, on the agenda or beside it, in order. Null without the permission
    /// `FOLLOW_UP_READ`.
    #[graphql(directive = requires::apply(Permission::FollowUpRead))]
    async fn resolutions(&self, ctx: &Context<'_>) -> Result<Option<List<Resolution>>> {
        if !self.may(ctx, Act::FollowUpRead)? {
            return Ok(None);
        }
        let all = found(ctx, Some(ResolutionsOf(self.0.id))).await?;
        Ok(all.map(|all| all.into_iter().map(Resolution).collect()))
    }

    /// What must now be done, in order. Null without the permission `FOLLOW_UP_READ`.
    #[graphql(directive = requires::apply(Permission::FollowUpRead))]
    async fn action_items(&self, ctx: &Context<'_>) -> Result<Option<List<ActionItem>>> {
        if !self.may(ctx, Act::FollowUpRead)? {
            return Ok(None);
        }
        let all = found(ctx, Some(ActionItemsOf(self.0.id))).await?;
        Ok(all.map(|all| all.into_iter().map(ActionItem).collect()))
    }

    /// How it was reported, in order.
    async fn reports(&self, ctx: &Context<'_>) -> Result<List<Report>> {
        let zone = self.0.time.zone;
        let all = session(ctx)?.list(ReportsOf(self.0.id)).await?;
        Ok(all
            .into_iter()
            .map(|report| Report { report, zone })
            .collect())
    }

    /// Who changed the event or anything that belongs to it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        let of = AuditOf::Event(self.0.id);
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
    }
}

impl Event {
    /// Whether the reader has a finer right than that to see the event.
    fn may(&self, ctx: &Context<'_>, act: Act) -> Result<bool> {
        Ok(session(ctx)?.actor.may(act, self.0.workspace_id).is_ok())
    }
}

/// When an event takes place: wall-clock times in a zone, exactly as far as they are known, and the
/// instants that follow from them.
#[derive(SimpleObject)]
pub(crate) struct EventTime {
    /// The zone whose clocks the event goes by.
    time_zone: TimeZone,
    /// The first day.
    starts_on: Date,
    /// The last day.
    ends_on: Date,
    /// The part of the day; null if it is not said.
    day_part: Option<DayPart>,
    /// How exactly the time is known.
    precision: TimePrecision,
    /// When it begins, by the clocks there; null if the hour is not known.
    starts_at_local: Option<LocalDateTime>,
    /// When it ends, by the clocks there; null if the hour is not known.
    ends_at_local: Option<LocalDateTime>,
    /// When it begins; null if the hour is not known.
    starts_at: Option<DateTime>,
    /// When it ends; null if the hour is not known.
    ends_at: Option<DateTime>,
}

impl From<&domain::time::EventTime> for EventTime {
    fn from(time: &domain::time::EventTime) -> Self {
        let instant = |local| DateTime(time.zone.instant(local));
        Self {
            time_zone: TimeZone(time.zone),
            starts_on: Date(time.starts_on),
            ends_on: Date(time.ends_on),
            day_part: time.day_part.map(Into::into),
            precision: time.precision().into(),
            starts_at_local: time.starts_at.map(LocalDateTime),
            ends_at_local: time.ends_at.map(LocalDateTime),
            starts_at: time.starts_at.map(instant),
            ends_at: time.ends_at.map(instant),
        }
    }
}

connection!(
    EventConnection,
    EventEdge,
    Event,
    domain::event::Event,
    "events",
    "event"
);
