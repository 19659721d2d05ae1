//! The templates of papers that an office has put in place of ours.

use domain::access::{Actor, Permission};
use domain::credential::PaperKind;
use domain::id::{PaperTemplateId, WorkspaceId, kind};
use domain::letterhead::{
    PaperTemplate, PaperTemplateResetRefused, PaperTemplateSetRefused, template_source,
};
use domain::refusal::{Missing, Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::{DbId, Spelled};
use crate::entity::credential::paper_template;
use crate::error::Fault;
use crate::operation::{Effect, Refused, Retry, Seen};
use crate::sight;
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

impl Store {
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
