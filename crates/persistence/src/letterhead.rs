//! How the papers of an office look: its pictures, how it counts, and templates in place of ours.

use data_encoding::HEXLOWER;
use domain::access::{Actor, Permission};
use domain::credential::PaperKind;
use domain::id::{LetterheadId, PaperTemplateId, WorkspaceId, kind};
use domain::letterhead::{
    Letterhead, LetterheadPatch, LetterheadPicture, LetterheadUpdateRefused, PaperTemplate,
    PaperTemplateResetRefused, PaperTemplateSetRefused, template_source,
};
use domain::refusal::{Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest as _, Sha256};

use crate::column::{DbId, Spelled};
use crate::entity::credential::{letterhead, paper_template, stored_file};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Seen};
use crate::sight;
use crate::store::Store;

/// A picture on the papers of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// What it is.
    pub media_type: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

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

impl Store {
    /// Says how the papers of an office look.
    pub async fn update_letterhead(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        seen: i32,
        patch: LetterheadPatch,
    ) -> Result<LetterheadId, Refused<LetterheadUpdateRefused>> {
        let mut operation = self
            .operate(actor, "letterheadUpdate", Permission::LetterEdit, workspace)
            .await?;
        let mut refusals = Refusals::default();
        let before = operation.letterhead().await?;
        let current = before.as_ref().map_or(0, |row| row.version);
        if current != seen {
            let id = before.as_ref().map(|row| row.id.0.to_string());
            let stale = Stale {
                id: id.unwrap_or_default(),
                current,
            };
            refusals.say("expectedVersion", stale);
        }
        let mut after = match &before {
            Some(row) => Letterhead::from(row.clone()),
            None => Letterhead::plain(operation.mint()?, workspace),
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
        let mut operation = self
            .operate(actor, name, Permission::LetterEdit, workspace)
            .await?;
        let before = operation.letterhead().await?;
        let mut after = match &before {
            Some(row) => Letterhead::from(row.clone()),
            None => Letterhead::plain(operation.mint()?, workspace),
        };
        let hash = picture.map(|(_, bytes)| HEXLOWER.encode(&Sha256::digest(bytes)));
        if let (Some((media_type, bytes)), Some(hash)) = (picture, &hash) {
            self.put_file(operation.on(), workspace, (hash, media_type, bytes))
                .await?;
        }
        *after.picture(which) = hash;
        operation.put_letterhead(before, after).await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// A picture on the papers of an office, for those who see how they look. Two statements.
    pub async fn letterhead_picture(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        which: LetterheadPicture,
    ) -> Result<Option<StoredPicture>, Fault> {
        let mut found = self.letterheads(actor, &[workspace]).await?;
        let letterhead = found.first_mut();
        let Some(hash) = letterhead.and_then(|one| one.picture(which).take()) else {
            return Ok(None);
        };
        let file = stored_file::Entity::find_by_id((hash, DbId(workspace)))
            .one(self.read())
            .await?;
        Ok(file.map(|file| StoredPicture {
            hash: file.hash,
            media_type: file.media_type,
            bytes: file.bytes,
        }))
    }

    /// How the papers of offices look, as far as the actor sees it.
    pub async fn letterheads(
        &self,
        actor: &Actor,
        workspaces: &[WorkspaceId],
    ) -> Result<Vec<Letterhead>, Fault> {
        let sight = actor.sight(Permission::LetterRead);
        let rows = letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.is_in(workspaces.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(
                &sight,
                letterhead::Column::WorkspaceId,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Letterhead::from).collect())
    }

    /// Puts a template of papers in place of ours, or another in place of that.
    pub async fn set_paper_template(
        &self,
        actor: &Actor,
        new: NewPaperTemplate,
    ) -> Result<PaperTemplateId, Refused<PaperTemplateSetRefused>> {
        use paper_template::Column;
        let name = "templateUpdate";
        let mut operation = self
            .operate(actor, name, Permission::LetterEdit, new.workspace)
            .await?;
        let mut refusals = Refusals::default();
        let source = refusals.checked("source", template_source(&new.source));
        for problem in new.problems {
            refusals.invalid("source", problem);
        }
        let before = paper_template::Entity::find()
            .filter(Column::WorkspaceId.eq(DbId(new.workspace)))
            .filter(Column::Kind.eq(Spelled(new.kind)))
            .one(operation.on())
            .await?;
        let current = before.as_ref().map(|row| row.version);
        if current != new.seen {
            let id = before.as_ref().map(|row| row.id.0.to_string());
            let stale = Stale {
                id: id.unwrap_or_default(),
                current: current.unwrap_or_default(),
            };
            refusals.say("expectedVersion", stale);
        }
        refusals.refuse_if_any()?;
        let row = paper_template::Model {
            id: match &before {
                Some(row) => row.id,
                None => DbId(operation.mint()?),
            },
            workspace_id: DbId(new.workspace),
            version: current.unwrap_or(1),
            kind: Spelled(new.kind),
            source: source.unwrap_or_default(),
            changed_at: self.now(),
        };
        let id = row.id.0;
        match before {
            Some(before) if before.source == row.source => {}
            Some(before) => {
                operation
                    .update::<paper_template::Entity>(&before, row)
                    .await?;
            }
            None => operation.insert::<paper_template::Entity>(row).await?,
        }
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
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

    /// The templates of papers that an office has in place of ours, as far as the actor sees them.
    pub async fn paper_templates_of(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
    ) -> Result<Vec<PaperTemplate>, Fault> {
        let sight = actor.sight(Permission::LetterRead);
        let rows = paper_template::Entity::find()
            .filter(paper_template::Column::WorkspaceId.eq(DbId(workspace)))
            .filter(sight::in_workspaces(
                &sight,
                paper_template::Column::WorkspaceId,
            ))
            .order_by_asc(paper_template::Column::Kind)
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
