//! The agenda: answered from one value that was loaded whole.

mod change;
mod diff;
mod edit;
mod history;
mod printout;
mod publish;
mod shift;
mod track;
mod version;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::id::kind;

use crate::appearance::Appearance;
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::award::Award;
use crate::event::Event;
use crate::failure::{Vanished, or_null};
use crate::id::{GlobalId, global};
use crate::link::{Link, links};
use crate::list::List;
use crate::load::{AgendaNumbered, AgendaOf};
use crate::person::Person;
use crate::printout::Printout;
use crate::release::Release;
use crate::request::{found, languages, session, text};
use crate::requires::requires;
use crate::scalar::{DateTime, LanguageTag, LocalDateTime, TimeZone, Url};
use crate::venue::Room;
use crate::word::{AgendaConflictKind, AgendaItemKind, AppearanceRole, PaperLanguages, Permission};

pub(crate) use change::{AgendaItemMutation, conflicts};
pub(crate) use diff::AgendaDiff;
pub(crate) use edit::AgendaEditMutation;
pub(crate) use history::{AgendaHistoryMutation, AgendaRevision};
pub(crate) use publish::AgendaPublishMutation;
pub(crate) use shift::AgendaShiftMutation;
pub(crate) use track::TrackMutation;
pub(crate) use version::{A_VERSION, AgendaVersion};

/// An agenda: the draft, or a version that was published.
#[derive(Clone)]
pub(crate) struct Agenda {
    facts: Arc<domain::agenda::Agenda>,
    version: Option<Arc<domain::agenda::AgendaVersion>>,
}

impl Agenda {
    /// The agenda that organisers work on.
    pub(crate) fn draft(facts: Arc<domain::agenda::Agenda>) -> Self {
        Self {
            facts,
            version: None,
        }
    }
}

impl From<persistence::PublishedAgenda> for Agenda {
    fn from(published: persistence::PublishedAgenda) -> Self {
        Self {
            facts: published.agenda,
            version: Some(published.version),
        }
    }
}

/// What happens at an event, as a tree.
#[Object]
impl Agenda {
    /// The event, as it is now.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.facts.event().id).await?;
        event
            .map(Event)
            .ok_or_else(|| crate::http::error::fault(&Vanished))
    }

    /// The number of the published version; null for the draft.
    async fn version(&self) -> Option<i32> {
        self.version.as_ref().map(|version| version.number)
    }

    /// Raised by every change to the agenda. Of a published version, the revision that was published.
    async fn revision(&self) -> i32 {
        self.facts.event().agenda_revision
    }

    /// When this version was published; null for the draft.
    async fn published_at(&self) -> Option<DateTime> {
        let version = self.version.as_ref();
        version.map(|version| DateTime(version.published_at))
    }

    /// Every item, whatever its depth, in the order of the agenda: each before its children.
    async fn items(&self) -> List<AgendaItem> {
        let items = 0..self.facts.items().len();
        items
            .map(|place| AgendaItem {
                agenda: Arc::clone(&self.facts),
                place,
            })
            .collect()
    }

    /// The zone whose clocks its local times go by: that of the event, for a published version as it was
    /// then.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.facts.event().time.zone)
    }

    /// What on it cannot all happen as planned, by the first item concerned; a thousand at most. Of a
    /// published version, without what depends on how the organisers plan: who is there when, and how
    /// long it takes to get from room to room.
    async fn conflicts(&self) -> List<AgendaConflict> {
        AgendaConflict::all(&self.facts)
    }

    /// The booklet of it (会议手册). Null without the permission `EVENT_READ`.
    #[graphql(directive = requires::apply(Permission::EventRead))]
    async fn booklet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
    ) -> Result<Option<Printout>> {
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        or_null(ctx, printout::booklet(ctx, &self.facts, languages).await)
    }

    /// The sheet at the door (签到表): who is expected, and a place to sign. Null without the permission
    /// `PARTICIPANT_READ`, and for an item that is not on it.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn sign_in_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of one item; of the whole event, if nothing is said.")] item_id: Option<
            GlobalId<kind::AgendaItem>,
        >,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
    ) -> Result<Option<Printout>> {
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        let item = item_id.map(|id| id.0);
        or_null(
            ctx,
            printout::sheet(ctx, &self.facts, item, languages).await,
        )
    }
}

/// Something on an agenda that cannot all happen as planned. It warns, and forbids nothing.
pub(crate) struct AgendaConflict {
    agenda: Arc<domain::agenda::Agenda>,
    facts: domain::agenda::Conflict,
}

impl AgendaConflict {
    /// Every conflict of an agenda.
    pub(crate) fn all(agenda: &Arc<domain::agenda::Agenda>) -> List<Self> {
        let conflicts = agenda.conflicts().into_iter();
        conflicts
            .map(|facts| Self {
                agenda: Arc::clone(agenda),
                facts,
            })
            .collect()
    }
}

/// Something on an agenda that cannot all happen as planned. It warns, and forbids nothing.
#[Object]
impl AgendaConflict {
    /// What kind of conflict.
    async fn kind(&self) -> AgendaConflictKind {
        self.facts.kind.into()
    }

    /// What a person is told.
    async fn message(&self) -> String {
        use domain::agenda::ConflictKind as Kind;
        let room = self.facts.room_id.and_then(|id| self.agenda.room(id));
        let room = room.map_or("the room", |room| room.name.as_str());
        let person = self.facts.person_id.and_then(|id| self.agenda.person(id));
        let person = person.map_or("somebody", |person| person.name.as_str());
        match self.facts.kind {
            Kind::RoomOverlap => format!("two items are in {room} at the same time"),
            Kind::PersonOverlap => format!("{person} is in two places at the same time"),
            Kind::OutsideEvent => "the item is outside the time of the event".to_owned(),
            Kind::OutsideParent => {
                "the item is outside the time of the one that it is part of".to_owned()
            }
            Kind::OverCapacity => {
                format!("more people appear on the item, or are expected at it, than {room} holds")
            }
            Kind::PersonAway => format!("{person} is not there then"),
            Kind::RoomAway => format!("{room} cannot be used then"),
            Kind::ShortChange => {
                format!("{person} has too little time to get from one room to the other")
            }
            Kind::SkippedTime => {
                "the item begins or ends at a time that no clock shows: they are put forward then"
                    .to_owned()
            }
        }
    }

    /// The items concerned, in the order of the agenda.
    async fn items(&self) -> List<AgendaItem> {
        let items = self.facts.items.iter();
        items
            .filter_map(|id| AgendaItem::of(&self.agenda, *id))
            .collect()
    }

    /// The room, if it is about one; else null.
    async fn room(&self) -> Option<Room> {
        let room = self.facts.room_id.and_then(|id| self.agenda.room(id));
        room.map(|room| Room(Arc::clone(room)))
    }

    /// The person, if it is about one; else null.
    async fn person(&self) -> Option<Person> {
        let person = self.facts.person_id.and_then(|id| self.agenda.person(id));
        person.map(|person| Person(Arc::clone(person)))
    }
}

/// An item, by its place in an agenda.
#[derive(Clone)]
pub(crate) struct AgendaItem {
    agenda: Arc<domain::agenda::Agenda>,
    place: usize,
}

impl AgendaItem {
    /// The item with this id.
    pub(crate) fn of(
        agenda: &Arc<domain::agenda::Agenda>,
        id: domain::id::AgendaItemId,
    ) -> Option<Self> {
        let place = agenda.place(id)?;
        Some(Self {
            agenda: Arc::clone(agenda),
            place,
        })
    }

    /// What is known of it. The place is one of the agenda's own, so there is always something.
    fn facts(&self) -> Result<&domain::agenda::AgendaItem> {
        let item = self.agenda.items().get(self.place);
        item.ok_or_else(|| crate::http::error::fault(&Vanished))
    }

    fn instant(&self, local: chrono::NaiveDateTime) -> DateTime {
        DateTime(self.agenda.instant(local))
    }
}

/// A node of the agenda: a speech, a panel, a ceremony, a break.
#[Object]
impl AgendaItem {
    /// Its id.
    pub(crate) async fn id(&self) -> Result<ID> {
        Ok(global(self.facts()?.id))
    }

    /// Raised by every change.
    async fn version(&self) -> Result<i32> {
        Ok(self.facts()?.version)
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Result<Option<&str>> {
        Ok(self.facts()?.external_id.as_ref().map(domain::Key::as_str))
    }

    /// What happens.
    async fn kind(&self) -> Result<AgendaItemKind> {
        Ok(self.facts()?.kind.into())
    }

    /// What it is called, in the language that suits the reader best. An item that has no title
    /// goes by the name of its kind (see `untitled`).
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Result<String> {
        let facts = self.facts()?;
        Ok(if let Some(title) = &facts.title {
            text(ctx, title, language.as_ref())
        } else {
            let mut wished: Vec<_> = language.into_iter().map(|tag| tag.0).collect();
            wished.extend_from_slice(languages(ctx));
            wished.push(self.agenda.event().title.main_language().clone());
            facts.kind.label(&wished).to_owned()
        })
    }

    /// Whether it has no title of its own, so that `title` is the name of its kind.
    async fn untitled(&self) -> Result<bool> {
        Ok(self.facts()?.title.is_none())
    }

    /// What stands below the title; null if nothing does.
    async fn subtitle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Result<Option<String>> {
        let subtitle = self.facts()?.subtitle.as_ref();
        Ok(subtitle.map(|subtitle| text(ctx, subtitle, language.as_ref())))
    }

    /// What it is about; null if that is not said.
    #[graphql(name = "abstract")]
    async fn summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Result<Option<String>> {
        let summary = self.facts()?.summary.as_ref();
        Ok(summary.map(|summary| text(ctx, summary, language.as_ref())))
    }

    /// The language it is held in; null if that is not known.
    async fn language(&self) -> Result<Option<LanguageTag>> {
        Ok(self.facts()?.language.clone().map(LanguageTag))
    }

    /// The item that it is part of; null at the top.
    async fn parent(&self) -> Result<Option<AgendaItem>> {
        Ok(self
            .facts()?
            .parent_id
            .and_then(|id| Self::of(&self.agenda, id)))
    }

    /// The items directly under it, in order.
    async fn children(&self) -> Result<List<AgendaItem>> {
        let children = self.agenda.children(self.facts()?.id);
        Ok(children
            .filter_map(|child| Self::of(&self.agenda, child.id))
            .collect())
    }

    /// Its place among its siblings, from 0.
    async fn order(&self) -> Result<i32> {
        Ok(self.facts()?.position)
    }

    /// When it begins, by the clocks there; null if that is not known.
    async fn starts_at_local(&self) -> Result<Option<LocalDateTime>> {
        Ok(self.facts()?.starts_at.map(LocalDateTime))
    }

    /// When it ends, by the clocks there; null if that is not known.
    async fn ends_at_local(&self) -> Result<Option<LocalDateTime>> {
        Ok(self.facts()?.ends_at.map(LocalDateTime))
    }

    /// When it begins; null if that is not known.
    async fn starts_at(&self) -> Result<Option<DateTime>> {
        Ok(self.facts()?.starts_at.map(|local| self.instant(local)))
    }

    /// When it ends; null if that is not known.
    async fn ends_at(&self) -> Result<Option<DateTime>> {
        Ok(self.facts()?.ends_at.map(|local| self.instant(local)))
    }

    /// Where; null if that is not known.
    async fn room(&self) -> Result<Option<Room>> {
        let room = self.facts()?.room_id.and_then(|id| self.agenda.room(id));
        Ok(room.map(|room| Room(Arc::clone(room))))
    }

    /// In which strand; null if in none.
    async fn track(&self) -> Result<Option<Track>> {
        let track = self.facts()?.track_id.and_then(|id| self.agenda.track(id));
        Ok(track.map(|track| Track(Arc::new(track.clone()))))
    }

    /// How many will come to it, as far as the organisers can tell; null if they do not say, on an
    /// agenda that was published, and without the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn expected_audience(&self) -> Result<Option<i32>> {
        Ok(self.facts()?.expected_audience)
    }

    /// Its own page; null if none is known.
    async fn url(&self) -> Result<Option<Url>> {
        Ok(self.facts()?.url.clone().map(Url))
    }

    /// Where it is read from as it was published last, to be put into a calendar once. Null without a
    /// time, and while not everybody may see what was published of the event.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let item = self.facts()?;
        if self.agenda.takes_place(item).starts_at.is_none() {
            return Ok(None);
        }
        let site = |site: &domain::Site| site.item_calendar(item.event_id, item.id);
        calendar_url(ctx, item.event_id, site).await
    }

    /// Where more about it is to be read, in order.
    async fn links(&self) -> Result<List<Link>> {
        Ok(links(&self.facts()?.links))
    }

    /// What is handed out with it, such as slides and papers, in order.
    async fn attachments(&self) -> Result<List<Link>> {
        Ok(links(&self.facts()?.attachments))
    }

    /// Who does what on it, in order.
    async fn appearances(
        &self,
        #[graphql(desc = "Only those in this role.")] role: Option<AppearanceRole>,
    ) -> Result<List<Appearance>> {
        let all = self.agenda.appearances(Some(self.facts()?.id)).iter();
        let all = all.filter(|one| role.is_none_or(|role| role == one.role.into()));
        Ok(all
            .map(|one| Appearance::In(Arc::clone(&self.agenda), one.clone()))
            .collect())
    }

    /// What is made public at it, in order.
    async fn releases(&self) -> Result<List<Release>> {
        let all = self.agenda.releases(self.facts()?.id).iter();
        Ok(all.map(|one| Release(Arc::new(one.clone()))).collect())
    }

    /// What is awarded at it, in order.
    async fn awards(&self) -> Result<List<Award>> {
        let all = self.agenda.awards(self.facts()?.id).iter();
        let within =
            |one: &domain::award::Award| Award::In(Arc::clone(&self.agenda), Arc::new(one.clone()));
        Ok(all.map(within).collect())
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
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
        audit_log_of_part(ctx, self.facts()?.event_id, self.facts()?.id, slice).await
    }
}

/// The item that a nullable field refers to, if it refers to any and the reader may see the agenda.
pub(crate) async fn item(
    ctx: &Context<'_>,
    event: domain::id::EventId,
    item: Option<domain::id::AgendaItemId>,
) -> Result<Option<AgendaItem>> {
    let Some(item) = item else { return Ok(None) };
    let agenda = found(ctx, Some(AgendaOf(event))).await?;
    Ok(agenda.and_then(|agenda| AgendaItem::of(&agenda, item)))
}

/// The agenda of an event as it was published with a number; an empty one for 0.
pub(crate) async fn published(
    ctx: &Context<'_>,
    event: &domain::event::Event,
    number: i32,
) -> Result<Option<Arc<domain::agenda::Agenda>>> {
    if number == 0 {
        let empty = domain::agenda::Agenda::empty(event.clone());
        return Ok(Some(Arc::new(empty)));
    }
    let found = session(ctx)?.one(AgendaNumbered(event.id, number)).await?;
    Ok(found.map(|one| one.agenda))
}

/// The address of a calendar of a part of an event, if everybody may see what was published of it.
async fn calendar_url(
    ctx: &Context<'_>,
    event: domain::id::EventId,
    address: impl Fn(&domain::Site) -> String,
) -> Result<Option<Url>> {
    let session = session(ctx)?;
    let event = session.one(event).await?;
    let is_shown = |event: &Arc<domain::event::Event>| {
        event.is_for_everybody() && event.agenda_version.is_some()
    };
    let url = || Url(address(&session.site));
    Ok(event.as_ref().is_some_and(is_shown).then(url))
}

/// A track.
#[derive(Clone)]
pub(crate) struct Track(pub(crate) Arc<domain::agenda::Track>);

/// A strand of the agenda.
#[Object]
impl Track {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its colour, `#rrggbb`; null if it has none.
    async fn color(&self) -> Option<&str> {
        self.0.color.as_deref()
    }

    /// Where its calendar is read from, to be subscribed to. Null while not everybody may see what was
    /// published of the event.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let site = |site: &domain::Site| site.track_calendar(self.0.event_id, self.0.id);
        calendar_url(ctx, self.0.event_id, site).await
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
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
        audit_log_of_part(ctx, self.0.event_id, self.0.id, slice).await
    }
}
