//! What of an item is otherwise.

use super::entry::read_alike;
use crate::agenda::{Agenda, AgendaItem};

words! {
    /// What has become of an item. One can be moved and changed at once.
    ItemChangeKind, "kind of change of an agenda item" {
        /// It is new.
        Added = "ADDED",
        /// It is gone.
        Removed = "REMOVED",
        /// It takes place at another time or place, or stands elsewhere on the agenda.
        Moved = "MOVED",
        /// It is another thing, or other people do it.
        Changed = "CHANGED",
    }
}

words! {
    /// What of an item is otherwise.
    ItemAspect, "aspect of an agenda item" {
        /// When it begins or ends: what the clocks show then, or, in another zone, the instant.
        Time = "TIME",
        /// The room.
        Room = "ROOM",
        /// The item that it is part of.
        Parent = "PARENT",
        /// Its place among those that it stood with before. Making room for others is none.
        Order = "ORDER",
        /// What it is called.
        Title = "TITLE",
        /// What stands below the title.
        Subtitle = "SUBTITLE",
        /// What it is about.
        Abstract = "ABSTRACT",
        /// What happens.
        Kind = "KIND",
        /// The language it is held in.
        Language = "LANGUAGE",
        /// The strand.
        Track = "TRACK",
        /// Its own page, where more is to be read, or what is handed out.
        Links = "LINKS",
        /// Who appears on it, as what, in whose name, as printed how, or in which order.
        People = "PEOPLE",
        /// What is made public at it.
        Releases = "RELEASES",
        /// What is awarded at it.
        Awards = "AWARDS",
    }
}

impl ItemAspect {
    /// What has become of an item of which this is otherwise.
    pub fn kind(self) -> ItemChangeKind {
        match self {
            Self::Time | Self::Room | Self::Parent | Self::Order => ItemChangeKind::Moved,
            Self::Title
            | Self::Subtitle
            | Self::Abstract
            | Self::Kind
            | Self::Language
            | Self::Track
            | Self::Links
            | Self::People
            | Self::Releases
            | Self::Awards => ItemChangeKind::Changed,
        }
    }
}

/// What has become of an item of which these are otherwise, in order.
pub(in crate::agenda) fn kinds(aspects: &[ItemAspect]) -> Vec<ItemChangeKind> {
    let mut kinds: Vec<_> = aspects.iter().map(|aspect| aspect.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Whether an item takes place at the same time in both versions.
pub(super) fn is_at_the_same_time(
    (older, before): (&Agenda, &AgendaItem),
    (newer, after): (&Agenda, &AgendaItem),
) -> bool {
    let hours = |item: &AgendaItem| [item.starts_at, item.ends_at];
    let instants = |agenda: &Agenda, item| hours(item).map(|at| at.map(|at| agenda.instant(at)));
    let same_zone = older.event.time.zone == newer.event.time.zone;
    hours(before) == hours(after)
        && (same_zone || instants(older, before) == instants(newer, after))
}

/// What of an item is otherwise in the newer version, as far as the item itself, its releases and
/// its awards tell. Order and people depend on more.
pub(super) fn own_aspects(
    (older, before): (&Agenda, &AgendaItem),
    (newer, after): (&Agenda, &AgendaItem),
) -> Vec<ItemAspect> {
    // Every field is named, so that a new one must be given an aspect or be left out on purpose.
    let AgendaItem {
        id,
        event_id: _,
        version: _,
        external_id: _,
        kind,
        title,
        subtitle,
        summary,
        language,
        parent_id,
        position: _,
        starts_at: _,
        ends_at: _,
        room_id,
        track_id,
        // The organisers' own estimate.
        expected_audience: _,
        url,
        links,
        attachments,
    } = before;
    let same_time = is_at_the_same_time((older, before), (newer, after));
    let same_links = (url, links, attachments) == (&after.url, &after.links, &after.attachments);
    let same = [
        (ItemAspect::Time, same_time),
        (ItemAspect::Room, *room_id == after.room_id),
        (ItemAspect::Parent, *parent_id == after.parent_id),
        (ItemAspect::Title, *title == after.title),
        (ItemAspect::Subtitle, *subtitle == after.subtitle),
        (ItemAspect::Abstract, *summary == after.summary),
        (ItemAspect::Kind, *kind == after.kind),
        (ItemAspect::Language, *language == after.language),
        (ItemAspect::Track, *track_id == after.track_id),
        (ItemAspect::Links, same_links),
        (
            ItemAspect::Releases,
            read_alike(older.releases(*id), newer.releases(*id)),
        ),
        (
            ItemAspect::Awards,
            read_alike(older.awards(*id), newer.awards(*id)),
        ),
    ];
    let differing = same.into_iter().filter(|(_, same)| !same);
    differing.map(|(aspect, _)| aspect).collect()
}
