//! How the papers of an office look: its pictures, how it counts, and templates in place of ours.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::credential::PaperKind;
use domain::id::{LetterheadId, PaperTemplateId, WorkspaceId, kind};
use domain::letterhead::{
    Letterhead, LetterheadPatch, LetterheadPicture, LetterheadUpdateRefused, PaperTemplate,
    PaperTemplateResetRefused, PaperTemplateSetRefused, template_source,
};
use domain::refusal::{Missing, Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::{DbId, Spelled};
use crate::entity::access::workspace;
use crate::entity::credential::{letterhead, paper_template};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen};
use crate::sight;
use crate::storage::StoredFile;
use crate::store::Store;

/// A template of papers to be used in place of ours.
#[derive(Debug, Clone)]
pub struct NewPaperTemplate {
    /// Of which office.
    pub workspace: WorkspaceId,
    /// For which papers.
    pub kind: PaperKind,
    /// What it is written as.
    pub source: String,
    /// The version that the caller has seen; none, where they have seen ours.
    pub seen: Option<i32>,
    /// What whoever sets it in type says is wrong with it.
    pub problems: Vec<String>,
}

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

    /// Puts a template of papers in place of ours, or another in place of that.
    pub async fn set_paper_template(
        &self,
        actor: &Actor,
        new: NewPaperTemplate,
        retry: Option<&Retry>,
    ) -> Result<PaperTemplateId, Refused<PaperTemplateSetRefused>> {
        use paper_template::Column;
        let name = "templateUpdate";
        let mut operation = self
            .operate(actor, name, Permission::LetterEdit, new.workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let source = refusals.checked("source", template_source(&new.source));
        // What is no text at all is no template either, and that need not be said twice.
        if source.is_some() {
            for problem in new.problems {
                refusals.invalid("source", problem);
            }
        }
        let before = paper_template::Entity::find()
            .filter(Column::WorkspaceId.eq(DbId(new.workspace)))
            .filter(Column::Kind.eq(Spelled(new.kind)))
            .one(operation.on())
            .await?;
        match (before, new.seen) {
            (Some(before), Some(seen)) => {
                if before.version != seen {
                    let stale = Stale {
                        id: before.id.0.to_string(),
                        current: before.version,
                    };
                    refusals.say("expectedVersion", stale);
                }
                refusals.refuse_if_any()?;
                let mut after = before.clone();
                if let Some(source) = source.filter(|source| *source != before.source) {
                    after.source = source;
                    after.changed_at = self.now();
                }
                operation
                    .update::<paper_template::Entity>(&before, after)
                    .await?;
                let id = before.id.0;
                operation.finish(Effect::Apply, &[id.uuid()]).await?;
                Ok(id)
            }
            // Who has seen ours, and not what is there by now, is told of it.
            (_, seen) => {
                if seen.is_some() {
                    refusals.say("expectedVersion", Missing::of::<kind::PaperTemplate>());
                }
                let row = paper_template::Model {
                    id: DbId(operation.mint()?),
                    workspace_id: DbId(new.workspace),
                    version: 1,
                    kind: Spelled(new.kind),
                    source: source.unwrap_or_default(),
                    changed_at: self.now(),
                };
                operation
                    .add::<paper_template::Entity, _>(row, refusals)
                    .await
            }
        }
    }

    /// Takes a template of papers away again: ours is used.
    pub async fn reset_paper_template(
        &self,
        actor: &Actor,
        seen: Seen<kind::PaperTemplate>,
    ) -> Result<(), Refused<PaperTemplateResetRefused>> {
        let name = "templateReset";
        let (operation, row, refusals) = self
            .change::<paper_template::Entity, _>(actor, name, Permission::LetterEdit, seen)
            .await?;
        operation
            .delete::<paper_template::Entity, _>(&row, refusals)
            .await
    }

    /// Templates of papers by id, as far as the actor sees them.
    pub async fn paper_templates(
        &self,
        actor: &Actor,
        ids: &[PaperTemplateId],
    ) -> Result<Vec<PaperTemplate>, Fault> {
        let sight = actor.sight(Permission::LetterRead);
        let rows = paper_template::Entity::find()
            .filter(paper_template::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(
                &sight,
                paper_template::Column::WorkspaceId,
            ))
            .order_by_asc(paper_template::Column::Kind)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(PaperTemplate::from).collect())
    }

    /// The templates of papers that offices have in place of ours, as far as the actor sees them.
    pub async fn paper_templates_of(
        &self,
        actor: &Actor,
        workspaces: &[WorkspaceId],
    ) -> Result<Vec<PaperTemplate>, Fault> {
        use paper_template::Column;
        let sight = actor.sight(Permission::LetterRead);
        let rows = paper_template::Entity::find()
            .filter(Column::WorkspaceId.is_in(workspaces.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(&sight, Column::WorkspaceId))
            .order_by_asc(Column::Kind)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(PaperTemplate::from).collect())
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
