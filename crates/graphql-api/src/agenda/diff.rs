//! What is otherwise between two states of an agenda.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use domain::agenda::{Agenda, Change, ItemChange, ItemChangeKind, PersonalChange};
use domain::id::PersonId;

use super::AgendaItem;
use crate::appearance::Appearance;
use crate::list::List;
use crate::person::Person;
use crate::request::found;
use crate::word::{AgendaItemAspect, AgendaItemChangeKind};

/// Two states of an agenda, and what is otherwise.
#[derive(Clone)]
pub(crate) struct AgendaDiff {
    before: Arc<Agenda>,
    after: Arc<Agenda>,
    facts: Arc<domain::agenda::AgendaDiff>,
}

impl AgendaDiff {
    pub(crate) fn between(before: Arc<Agenda>, after: Arc<Agenda>) -> Self {
        let facts = Arc::new(before.diff(&after));
        Self {
            before,
            after,
            facts,
        }
    }

    /// What a publication made otherwise.
    pub(crate) fn of(publication: &persistence::Publication) -> Self {
        Self {
            before: Arc::clone(&publication.before),
            after: Arc::clone(&publication.after),
            facts: Arc::clone(&publication.diff),
        }
    }

    /// What each person is to be told of it, of those who are.
    pub(crate) fn notices(&self, told: impl Fn(&PersonId) -> bool) -> List<AgendaNotice> {
        let notices = self.facts.notices(&self.before, &self.after);
        let told = notices.into_iter().filter(|(person, _)| told(person));
        told.map(|(person, changes)| AgendaNotice {
            before: Arc::clone(&self.before),
            after: Arc::clone(&self.after),
            person,
            changes,
        })
        .collect()
    }

    fn of_kind(&self, kind: ItemChangeKind) -> List<AgendaItem> {
        let changes = self.facts.items().iter();
        let changes = changes.filter(|change| change.kinds.contains(&kind));
        changes
            .filter_map(|change| {
                AgendaItem::of(&self.after, change.id)
                    .or_else(|| AgendaItem::of(&self.before, change.id))
            })
            .collect()
    }
}

/// What is otherwise between two states of an agenda.
#[Object]
impl AgendaDiff {
    /// Whether nothing is otherwise that a reader could see.
    async fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Whether anything is otherwise that a reader could see besides the items and who appears on the
    /// whole event, which the lists tell: what the event says of itself, what the tracks, rooms, groups,
    /// people and organizations are called that are spoken of, what is given or made public on no item.
    async fn surroundings_changed(&self) -> bool {
        self.facts.surroundings_changed()
    }

    /// The items that were not there before.
    async fn added(&self) -> List<AgendaItem> {
        self.of_kind(ItemChangeKind::Added)
    }

    /// The items that are there no longer, as they were.
    async fn removed(&self) -> List<AgendaItem> {
        self.of_kind(ItemChangeKind::Removed)
    }

    /// The items that are at another time, in another room, under another item or in another order, as
    /// they are now.
    async fn moved(&self) -> List<AgendaItem> {
        self.of_kind(ItemChangeKind::Moved)
    }

    /// The items of which something else is otherwise, as they are now.
    async fn changed(&self) -> List<AgendaItem> {
        self.of_kind(ItemChangeKind::Changed)
    }

    /// Each item of which something is otherwise, in the order of the agenda, with what it was and what
    /// it is.
    async fn changes(&self) -> List<AgendaItemChange> {
        let changes = self.facts.items().iter();
        changes
            .map(|facts| AgendaItemChange {
                before: Arc::clone(&self.before),
                after: Arc::clone(&self.after),
                facts: facts.clone(),
            })
            .collect()
    }

    /// What is otherwise of who does what for the whole event.
    async fn event_appearances(&self) -> List<AppearanceChange> {
        appearances(&self.before, &self.after, self.facts.event_appearances())
    }
}

/// An item of which something is otherwise.
pub(crate) struct AgendaItemChange {
    before: Arc<Agenda>,
    after: Arc<Agenda>,
    facts: ItemChange,
}

/// An item of the agenda of which something is otherwise.
#[Object]
impl AgendaItemChange {
    /// What became of it: it came or went; or it was moved, or changed, or both.
    async fn kinds(&self) -> List<AgendaItemChangeKind> {
        self.facts.kinds.iter().copied().map(Into::into).collect()
    }

    /// What of it is otherwise; nothing, where it came or went.
    async fn aspects(&self) -> List<AgendaItemAspect> {
        self.facts.aspects.iter().copied().map(Into::into).collect()
    }

    /// The item as it was; null if it was not there.
    async fn before(&self) -> Option<AgendaItem> {
        AgendaItem::of(&self.before, self.facts.id)
    }

    /// The item as it is; null if it is not there.
    async fn after(&self) -> Option<AgendaItem> {
        AgendaItem::of(&self.after, self.facts.id)
    }

    /// What is otherwise of who appears on it.
    async fn appearances(&self) -> List<AppearanceChange> {
        appearances(&self.before, &self.after, &self.facts.appearances)
    }
}

fn appearances(
    before: &Arc<Agenda>,
    after: &Arc<Agenda>,
    changes: &[Change<domain::appearance::Appearance>],
) -> List<AppearanceChange> {
    let of = |agenda: &Arc<Agenda>, one: &domain::appearance::Appearance| {
        Appearance::In(Arc::clone(agenda), one.clone())
    };
    changes
        .iter()
        .map(|change| AppearanceChange {
            before: change.before().map(|one| of(before, one)),
            after: change.after().map(|one| of(after, one)),
        })
        .collect()
}

/// An appearance that came, went or is otherwise.
#[derive(SimpleObject)]
pub(crate) struct AppearanceChange {
    /// How it was; null if it is new.
    before: Option<Appearance>,
    /// How it is; null if it went.
    after: Option<Appearance>,
}

/// What one person is told of a version.
pub(crate) struct AgendaNotice {
    before: Arc<Agenda>,
    after: Arc<Agenda>,
    person: PersonId,
    changes: Vec<PersonalChange>,
}

/// What one person is told of a version: all that is otherwise for them, at once.
#[Object]
impl AgendaNotice {
    /// Who; null if they are not in the directory any more.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        let at_hand = self.after.person(self.person);
        match at_hand.or_else(|| self.before.person(self.person)) {
            Some(person) => Ok(Some(Person(Arc::clone(person)))),
            None => Ok(found(ctx, Some(self.person)).await?.map(Person)),
        }
    }

    /// What is otherwise for them, in the order of the agenda.
    async fn changes(&self) -> List<AgendaNoticeChange> {
        let changes = self.changes.iter();
        changes
            .map(|facts| AgendaNoticeChange {
                before: Arc::clone(&self.before),
                after: Arc::clone(&self.after),
                facts: facts.clone(),
            })
            .collect()
    }
}

/// One thing that is otherwise for somebody.
pub(crate) struct AgendaNoticeChange {
    before: Arc<Agenda>,
    after: Arc<Agenda>,
    facts: PersonalChange,
}

/// One thing that is otherwise for somebody: on an item, or for the whole event.
#[Object]
impl AgendaNoticeChange {
    /// What became of it for them: who is new on an item is told that it was added, who was taken off
    /// that it was removed.
    async fn kinds(&self) -> List<AgendaItemChangeKind> {
        self.facts.kinds.iter().copied().map(Into::into).collect()
    }

    /// What of it is otherwise.
    async fn aspects(&self) -> List<AgendaItemAspect> {
        self.facts.aspects.iter().copied().map(Into::into).collect()
    }

    /// The item as it was; null if it was not there, and for the whole event.
    async fn before(&self) -> Option<AgendaItem> {
        AgendaItem::of(&self.before, self.facts.item_id?)
    }

    /// The item as it is; null if it is not there, and for the whole event.
    async fn after(&self) -> Option<AgendaItem> {
        AgendaItem::of(&self.after, self.facts.item_id?)
    }

    /// What they were to do.
    async fn appearances_before(&self) -> List<Appearance> {
        let all = self.facts.before.iter();
        all.map(|one| Appearance::In(Arc::clone(&self.before), one.clone()))
            .collect()
    }

    /// What they are to do.
    async fn appearances_after(&self) -> List<Appearance> {
        let all = self.facts.after.iter();
        all.map(|one| Appearance::In(Arc::clone(&self.after), one.clone()))
            .collect()
    }
}
