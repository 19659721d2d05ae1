//! Templates of mails that a workspace puts in place of ours, and takes away again.

use domain::Problem;
use domain::access::{Actor, Permission};
use domain::id::{MailTemplateId, WorkspaceId, kind};
use domain::mail_template::{
    MailTemplate, MailTemplateResetRefused, MailTemplateSetRefused, template_source,
};
use domain::refusal::{Invalid, Missing, Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::message::mail_template;
use crate::error::Fault;
use crate::operation::{Effect, Refused, Retry, Seen};
use crate::sight;
use crate::store::Store;

/// A template that is to be used in place of ours.
#[derive(Debug, Clone)]
pub struct NewMailTemplate {
    /// Of which office.
    pub workspace: WorkspaceId,
    /// In place of which.
    pub name: String,
    /// What it is written as.
    pub source: String,
    /// The version that the caller has seen; none, where they have seen ours.
    pub seen: Option<i32>,
    /// What whoever renders it says is wrong with it.
    pub problems: Vec<Problem>,
}

impl Store {
    /// Puts a template in place of ours, or another in place of that.
    pub async fn set_mail_template(
        &self,
        actor: &Actor,
        new: NewMailTemplate,
        retry: Option<&Retry>,
    ) -> Result<MailTemplateId, Refused<MailTemplateSetRefused>> {
        use mail_template::Column;
        let name = "mailTemplateSet";
        let mut operation = self
            .operate(actor, name, Permission::DirectoryEdit, new.workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let source = refusals.checked("source", template_source(&new.source));
        for problem in new.problems {
            // What is no text at all is no template either, and that need not be said twice.
            if source.is_some() || problem.path != ["source"] {
                refusals.say(&problem.path.join("."), Invalid(problem.message));
            }
        }
        let before = mail_template::Entity::find()
            .filter(Column::WorkspaceId.eq(DbId(new.workspace)))
            .filter(Column::Name.eq(&new.name))
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
                    .update::<mail_template::Entity>(&before, after)
                    .await?;
                let id = before.id.0;
                operation.finish(Effect::Apply, &[id.uuid()]).await?;
                Ok(id)
            }
            // Who has seen ours, and not what is there by now, is told of it.
            (_, seen) => {
                if seen.is_some() {
                    refusals.say("expectedVersion", Missing::of::<kind::MailTemplate>());
                }
                let row = mail_template::Model {
                    id: DbId(operation.mint()?),
                    workspace_id: DbId(new.workspace),
                    version: 1,
                    name: new.name,
                    source: source.unwrap_or_default(),
                    changed_at: self.now(),
                };
                operation
                    .add::<mail_template::Entity, _>(row, refusals)
                    .await
            }
        }
    }

    /// Takes a template away again: ours is used.
    pub async fn reset_mail_template(
        &self,
        actor: &Actor,
        seen: Seen<kind::MailTemplate>,
    ) -> Result<(), Refused<MailTemplateResetRefused>> {
        let name = "mailTemplateReset";
        let (operation, row, refusals) = self
            .change::<mail_template::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        operation
            .delete::<mail_template::Entity, _>(&row, refusals)
            .await
    }

    /// Templates by id, as far as the actor sees them.
    pub async fn mail_templates(
        &self,
        actor: &Actor,
        ids: &[MailTemplateId],
    ) -> Result<Vec<MailTemplate>, Fault> {
        let sight = actor.sight(Permission::ParticipantRead);
        let rows = mail_template::Entity::find()
            .filter(mail_template::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(
                &sight,
                mail_template::Column::WorkspaceId,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(MailTemplate::from).collect())
    }

    /// The templates that workspaces have put in place of ours, by name, as far as the actor sees them.
    pub async fn mail_templates_of(
        &self,
        actor: &Actor,
        workspaces: &[WorkspaceId],
    ) -> Result<Vec<MailTemplate>, Fault> {
        use mail_template::Column;
        let sight = actor.sight(Permission::ParticipantRead);
        let rows = mail_template::Entity::find()
            .filter(Column::WorkspaceId.is_in(workspaces.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(&sight, Column::WorkspaceId))
            .order_by_asc(Column::Name)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(MailTemplate::from).collect())
    }
}
