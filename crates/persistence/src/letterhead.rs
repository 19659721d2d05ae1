//! How the papers of an office look: its pictures, and how it counts.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::id::{LetterheadId, WorkspaceId, kind};
use domain::letterhead::{Letterhead, LetterheadPatch, LetterheadPicture, LetterheadUpdateRefused};
use domain::refusal::{Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::column::DbId;
use crate::entity::access::workspace;
use crate::entity::credential::letterhead;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Seen};
use crate::sight;
use crate::storage::StoredFile;
use crate::store::Store;

/// The letterhead of an office, which it has before it has said how it looks: they share an id.
pub fn letterhead_of(workspace: WorkspaceId) -> LetterheadId {
    LetterheadId::from_uuid(workspace.uuid())
}

impl Store {
    /// Says how the papers of an office look.
    pub async fn update_letterhead(
        &self,
        actor: &Actor,
        seen: Seen<kind::Letterhead>,
        patch: LetterheadPatch,
    ) -> Result<LetterheadId, Refused<LetterheadUpdateRefused>> {
        let workspace = WorkspaceId::from_uuid(seen.id.uuid());
        let mut operation = self
            .operate(actor, "letterheadUpdate", Permission::LetterEdit, workspace)
            .await?;
        let mut refusals = Refusals::default();
        let before = operation.letterhead().await?;
        let current = before.as_ref().map_or(0, |row| row.version);
        if current != seen.version {
            let stale = Stale {
                id: seen.id.to_string(),
                current,
            };
            refusals.say("expectedVersion", stale);
        }
        let mut after = match &before {
            Some(row) => Letterhead::from(row.clone()),
            None => Letterhead::plain(letterhead_of(workspace), workspace),
        };
        refusals.enter("patch");
        patch.apply(&mut after, &mut refusals);
        refusals.leave();
        refusals.refuse_if_any()?;
        let id = after.id;
        operation.put_letterhead(before, after).await?;
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Puts a picture on the papers of an office, or takes it off.
    pub async fn set_letterhead_picture(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        which: LetterheadPicture,
        picture: Option<(&str, &[u8])>,
    ) -> Result<(), Refused<()>> {
        let name = "letterheadPictureSet";
        let picture =
            picture.map(|(media_type, bytes)| StoredFile::new(media_type, bytes.to_vec()));
        self.put_away(workspace, &picture).await?;
        let mut operation = self
            .operate(actor, name, Permission::LetterEdit, workspace)
            .await?;
        let before = operation.letterhead().await?;
        let mut after = match &before {
            Some(row) => Letterhead::from(row.clone()),
            None => Letterhead::plain(letterhead_of(workspace), workspace),
        };
        if let Some(picture) = &picture {
            self.put_file(operation.on(), workspace, picture).await?;
        }
        *after.picture(which) = picture.map(|picture| picture.hash);
        operation.put_letterhead(before, after).await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// A picture on the papers of an office, for those who see how they look. Three statements.
    pub async fn letterhead_picture(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        which: LetterheadPicture,
    ) -> Result<Option<StoredFile>, Fault> {
        let mut found = self.letterheads(actor, &[letterhead_of(workspace)]).await?;
        let letterhead = found.first_mut();
        let Some(hash) = letterhead.and_then(|one| one.picture(which).take()) else {
            return Ok(None);
        };
        Ok(self.files(workspace, [hash.clone()]).await?.remove(&hash))
    }

    /// Letterheads by id, as far as the actor sees them: at version 0 where an office has said nothing yet.
    pub async fn letterheads(
        &self,
        actor: &Actor,
        ids: &[LetterheadId],
    ) -> Result<Vec<Letterhead>, Fault> {
        let sight = actor.sight(Permission::LetterRead);
        let offices = workspace::Entity::find()
            .filter(workspace::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
            .filter(sight::in_workspaces(&sight, workspace::Column::Id))
            .all(self.read())
            .await?;
        let rows = letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.is_in(offices.iter().map(|office| office.id)))
            .all(self.read())
            .await?;
        let mut said: HashMap<_, _> = rows
            .into_iter()
            .map(|row| (row.workspace_id.0, row))
            .collect();
        let each = offices
            .into_iter()
            .map(|office| match said.remove(&office.id.0) {
                Some(row) => Letterhead::from(row),
                None => Letterhead {
                    version: 0,
                    ..Letterhead::plain(letterhead_of(office.id.0), office.id.0)
                },
            });
        Ok(each.collect())
    }
}

impl Operation<'_> {
    async fn letterhead(&self) -> Result<Option<letterhead::Model>, Fault> {
        Ok(letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.eq(DbId(self.workspace())))
            .one(self.on())
            .await?)
    }

    async fn put_letterhead(
        &mut self,
        before: Option<letterhead::Model>,
        after: Letterhead,
    ) -> Result<(), Fault> {
        let row = letterhead::Model::from(after);
        match before {
            Some(before) => {
                self.update::<letterhead::Entity>(&before, row).await?;
            }
            None => self.insert::<letterhead::Entity>(row).await?,
        }
        Ok(())
    }
}
