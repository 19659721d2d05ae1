//! Writing the agenda: strands, items, and what hangs on them.

use domain::appearance::Appearing;
use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, EventDocument, ItemEntry, ReleaseEntry,
    ResolutionEntry,
};
use domain::id::{AgendaItemId, TrackId};
use domain::problem::Path;
use domain::release::Recurrence;

use super::{Lookup, Parts, next};
use crate::column::{DbId, Json, Spelled};
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{award, award_recipient};
use crate::entity::directory::party_columns;
use crate::entity::follow_up::resolution;
use crate::error::Fault;
use crate::event_document::import::write::{Writing, allot, place, unnamed};
use crate::record::parties;

impl Parts {
    pub(super) fn tracks(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        allot(
            writing.store,
            &mut writing.ids.tracks,
            document.tracks.iter().map(|one| &one.key),
        )?;
        for (index, entry) in document.tracks.iter().enumerate() {
            let id: TrackId = *writing
                .ids
                .tracks
                .get(&entry.key)
                .ok_or_else(|| unnamed("track", "external_id"))?;
            let existing = self.tracks.existing(&entry.key);
            let row = track::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                version: 1,
                name: entry.name.clone(),
                color: entry.color.clone(),
                position: place(index),
            };
            self.tracks.should_be(&entry.key, row);
        }
        Ok(())
    }

    pub(super) fn items(
        &mut self,
        writing: &mut Writing<'_>,
        parent: Option<AgendaItemId>,
        items: &[ItemEntry],
        list: &Path,
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        allot(
            writing.store,
            &mut writing.ids.items,
            items.iter().map(|item| &item.key),
        )?;
        for (index, entry) in items.iter().enumerate() {
            let id: AgendaItemId = *writing
                .ids
                .items
                .get(&entry.key)
                .ok_or_else(|| unnamed("agenda_item", "external_id"))?;
            let existing = self.items.existing(&entry.key);
            let room = entry
                .room
                .as_ref()
                .and_then(|key| writing.ids.rooms.get(key));
            let track = entry
                .track
                .as_ref()
                .and_then(|key| writing.ids.tracks.get(key));
            let row = agenda_item::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: 1,
                external_id: stored_key!(existing, entry),
                kind: Spelled(entry.kind),
                title: entry.title.clone().map(Json),
                subtitle: entry.subtitle.clone().map(Json),
                summary: entry.summary.clone().map(Json),
                language: entry.language.clone().map(Spelled),
                parent_id: parent.map(DbId),
                position: place(index),
                starts_at: entry.starts_at,
                ends_at: entry.ends_at,
                room_id: room.copied().map(DbId),
                track_id: track.copied().map(DbId),
                expected_audience: entry.expected_audience,
                url: entry.url.clone(),
                links: Json(entry.links.clone()),
                attachments: Json(entry.attachments.clone()),
            };
            self.items.should_be(&entry.key, row);
            self.appearances(writing, Some(id), &entry.appearances, lookup)?;
            self.releases(writing, Some(id), &entry.releases)?;
            self.awards(writing, Some(id), &entry.awards)?;
            self.resolutions(writing, Some(id), &entry.resolutions)?;
            self.items(
                writing,
                Some(id),
                &entry.items,
                &list.at(index).at("items"),
                lookup,
            )?;
        }
        Ok(())
    }

    pub(super) fn appearances(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        appearances: &[AppearanceEntry],
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        for (index, entry) in appearances.iter().enumerate() {
            let Some(who) = writing.ids.appearing(&entry.who) else {
                continue;
            };
            let key = (item, who, entry.role);
            let existing = self.appearances.existing(&key);
            let (name, posts) = match &entry.who {
                AppearingKey::Person(key) => (lookup.person_name(key), lookup.person_posts(key)),
                AppearingKey::Organization(key) => (lookup.organization_name(key), Vec::new()),
                AppearingKey::Group(key) => (lookup.group_name(key), Vec::new()),
            };
            let printed_name = entry.printed_name.clone();
            let printed_name =
                printed_name.or_else(|| existing.map(|row| row.printed_name.clone()));
            let printed_posts = entry.printed_posts.clone();
            let printed_posts =
                printed_posts.or_else(|| existing.map(|row| row.printed_posts.0.clone()));
            let (on_behalf_of_person_id, on_behalf_of_organization_id) =
                party_columns(writing.ids.party(entry.on_behalf_of.as_ref()));
            let row = appearance::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                version: 1,
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                role: Spelled(entry.role),
                position: place(index),
                person_id: match who {
                    Appearing::Person(id) => Some(DbId(id)),
                    Appearing::Organization(_) | Appearing::Group(_) => None,
                },
                organization_id: match who {
                    Appearing::Organization(id) => Some(DbId(id)),
                    Appearing::Person(_) | Appearing::Group(_) => None,
                },
                group_id: match who {
                    Appearing::Group(id) => Some(DbId(id)),
                    Appearing::Person(_) | Appearing::Organization(_) => None,
                },
                on_behalf_of_person_id,
                on_behalf_of_organization_id,
                printed_name: printed_name.unwrap_or(name),
                printed_posts: Json(printed_posts.unwrap_or(posts)),
            };
            self.appearances.should_be(&key, row);
        }
        Ok(())
    }

    pub(super) fn releases(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        releases: &[ReleaseEntry],
    ) -> Result<(), Fault> {
        for entry in releases {
            let position = next(&mut self.named.releases);
            let existing = self.releases.existing(&entry.key);
            let row = release::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                version: 1,
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                title: Json(entry.title.clone()),
                kind: entry.kind.clone(),
                url: entry.url.clone(),
                recurrence: Spelled(Recurrence::from_flag(entry.recurring)),
                position,
            };
            self.releases.should_be(&entry.key, row);
        }
        Ok(())
    }

    pub(super) fn awards(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        awards: &[AwardEntry],
    ) -> Result<(), Fault> {
        for entry in awards {
            let position = next(&mut self.named.awards);
            let existing = self.awards.existing(&entry.key);
            let row = award::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: 1,
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                title: Json(entry.title.clone()),
                kind: Spelled(entry.kind),
                level: entry.level.clone(),
                citation: entry.citation.clone().map(Json),
                position,
            };
            let award_id = row.id;
            let recipients: Vec<_> = entry
                .recipients
                .iter()
                .filter_map(|who| writing.ids.party(Some(who)))
                .collect();
            let before = self
                .recipients_before
                .remove(&award_id.0)
                .unwrap_or_default();
            let grantors = writing.organizations(&entry.grantors);
            let mut rest = self.grantors.should_be(award_id.0, grantors);
            rest.0.insert("recipients".to_owned(), parties(&before));
            rest.1.insert("recipients".to_owned(), parties(&recipients));
            self.awards.should_be_with(&entry.key, row, rest);
            for (index, who) in recipients.into_iter().enumerate() {
                let key = (award_id.0, who);
                let (person_id, organization_id) = party_columns(Some(who));
                let row = award_recipient::Model {
                    id: own_or_new!(writing, self.recipients.existing(&key)),
                    workspace_id: writing.workspace_id(),
                    event_id: writing.event_id(),
                    version: 1,
                    award_id,
                    person_id,
                    organization_id,
                    position: place(index),
                };
                self.recipients.should_be(&key, row);
            }
        }
        Ok(())
    }

    pub(super) fn resolutions(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        resolutions: &[ResolutionEntry],
    ) -> Result<(), Fault> {
        for entry in resolutions {
            let position = next(&mut self.named.resolutions);
            let existing = self.resolutions.existing(&entry.key);
            let row = resolution::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                version: 1,
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                text: entry.text.clone(),
                position,
            };
            self.resolutions.should_be(&entry.key, row);
        }
        Ok(())
    }
}
