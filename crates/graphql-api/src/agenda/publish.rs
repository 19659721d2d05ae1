//! Publishing an agenda.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::access::{Actor, Permission as Act};
use domain::id::kind;
use persistence::{Notify, Publication};

use super::diff::{AgendaDiff, AgendaNotice};
use super::{Agenda, AgendaVersion};
use crate::bulk::effect;
use crate::change::{outcome, retry};
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::UserError;
use crate::word::Permission;

/// The agenda to be published.
#[derive(InputObject)]
pub(crate) struct AgendaPublishInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The revision of the draft that the caller has seen: if it is at another by now, nothing is
    /// published.
    expected_revision: i32,
    /// What is to be said of this version, to those who read it.
    comment: Option<String>,
    /// Whether everybody is told for whom something is otherwise than in the version before. Of what
    /// was published with nobody told, or by announcing the event, nobody is told later.
    #[graphql(default = true)]
    notify: bool,
    /// Whether it is only tried: the answer says what would be published and who would be told, and
    /// nothing is.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own name for this request: sent again within 24 hours, it gets the same answer, and
    /// nothing is published twice.
    idempotency_key: Option<String>,
}

/// What became of publishing an agenda.
#[derive(SimpleObject)]
pub(crate) struct AgendaPublishPayload {
    /// The agenda as it is published, or would be; null if there were problems.
    agenda: Option<Agenda>,
    /// The version; null if there were problems, and where it was only tried.
    version: Option<AgendaVersion>,
    /// What is otherwise than in the version before; null if there were problems.
    diff: Option<AgendaDiff>,
    /// Who is told, or would be, and what: one notice a person. Empty for who may not see who takes part;
    /// `recipientCount` tells how many there are.
    notices: List<AgendaNotice>,
    /// How many people are told, or would be.
    recipient_count: i32,
    /// Everything that was wrong, at once. If there is anything, nothing was published.
    user_errors: List<UserError>,
}

impl AgendaPublishPayload {
    fn of(actor: &Actor, publication: Option<Publication>, user_errors: List<UserError>) -> Self {
        let Some(publication) = publication else {
            return Self {
                agenda: None,
                version: None,
                diff: None,
                notices: List::default(),
                recipient_count: 0,
                user_errors,
            };
        };
        let diff = AgendaDiff::of(&publication);
        let told = publication.notices;
        let may = actor.may(Act::ParticipantRead, publication.after.event().workspace_id);
        Self {
            agenda: Some(Agenda {
                facts: publication.after,
                version: publication.version.clone(),
            }),
            version: publication.version.map(AgendaVersion),
            notices: diff.notices(|person| may.is_ok() && told.contains_key(person)),
            recipient_count: i32::try_from(told.len()).unwrap_or(i32::MAX),
            diff: Some(diff),
            user_errors,
        }
    }
}

/// Publishing agendas.
#[derive(Debug, Default)]
pub(crate) struct AgendaPublishMutation;

#[Object]
impl AgendaPublishMutation {
    /// Publishes the draft of an agenda as the next version, which never changes, and tells each person
    /// for whom something is otherwise, once. Needs the permission `EVENT_PUBLISH`.
    #[graphql(directive = requires::apply(Permission::EventPublish))]
    async fn agenda_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agenda, and who is told.")] input: AgendaPublishInput,
    ) -> Result<AgendaPublishPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let publish = persistence::AgendaPublish {
            event: input.event_id.0,
            expected_revision: input.expected_revision,
            comment: input.comment,
            notify: if input.notify {
                Notify::Concerned
            } else {
                Notify::Nobody
            },
            effect: effect(input.dry_run),
        };
        let done = Box::pin(
            session
                .store
                .publish_agenda(&session.actor, publish, retry.as_ref()),
        )
        .await;
        let (publication, user_errors) = outcome(ctx, done).await?;
        Ok(AgendaPublishPayload::of(
            &session.actor,
            publication,
            user_errors,
        ))
    }
}
