//! All that is known for writing mails, read together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::access::Actor;
use domain::credential::Credential;
use domain::event::Event;
use domain::id::{CredentialId, DeliveryId, InvitationId, ParticipantId, WorkspaceId};
use domain::invitation::Invitation;
use domain::mail_template::MailTemplate;
use domain::message::{Delivery, DeliveryState, MessageKind, SuppressionReason};
use domain::participant::Participant;
use domain::person::Person;
use domain::workspace::Workspace;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Claim, POSTMASTER};
use crate::column::{DbId, Spelled};
use crate::correspondence::deliveries_seen;
use crate::entity::access::workspace;
use crate::entity::directory::person;
use crate::entity::event::event;
use crate::entity::message::{delivery, invitation, suppression};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::participant_link::MailSecret;
use crate::store::Store;
use crate::told::Told;

/// A mail that is to be sent, with all that is known for writing it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The mail.
    pub delivery: Delivery,
    /// The claim of the one who is to send it.
    pub claim: Claim,
    /// What it tells.
    pub told: Told,
    /// The mail as it was written before, if it was: it stays so to the byte.
    pub raw: Option<Vec<u8>>,
    /// When it was tried first.
    pub first_tried_at: DateTime<Utc>,
    /// Until when it is of use.
    pub useful_until: Option<DateTime<Utc>>,
    /// The office that writes.
    pub workspace: Workspace,
    /// What it is about.
    pub event: Event,
    /// To whom; none, if they are in the directory no longer.
    pub person: Option<Person>,
    /// The participant that they are, if they are still.
    pub participant: Option<Participant>,
    /// What it puts into their calendar.
    pub invitation: Option<Invitation>,
    /// What they are invited to as a whole.
    pub to_event: Option<Invitation>,
    /// What they are invited to besides the event, in the order of time.
    pub parts: Vec<Invitation>,
    /// What opens things to them.
    pub secrets: Option<Secrets>,
    /// What stands in the address that the mail comes back to.
    pub bounce: String,
    /// Whether what asks them to come waits until somebody has looked at it.
    pub is_to_be_asked: bool,
    /// Whether a mail has gone out with the entry that this one is about.
    pub was_told: bool,
    /// Why their address takes no mail, if so.
    pub suppressed: Option<SuppressionReason>,
    /// What the office has put in place of our templates; the same list for all of its mails.
    pub templates: Arc<Vec<MailTemplate>>,
    /// What there was to say when it was written.
    pub remark: Option<String>,
    /// What was issued, where it tells of that.
    pub issued: Option<IssuedTo>,
}

/// Something that was issued to whoever a mail goes to.
#[derive(Debug, Clone)]
pub struct IssuedTo {
    /// What.
    pub credential: Credential,
    /// What opens its page to the holder.
    pub secret: String,
    /// Its document; none, where it cannot be had now, and where the mail is written already.
    pub document: Option<Vec<u8>>,
}

/// What a participant's mails carry: each opens one thing.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The page where they answer.
    pub answer: String,
    /// Their feed.
    pub calendar: String,
    /// The address for answers.
    pub reply: String,
    /// Wanting no more mail.
    pub leave: String,
}

/// What the links of a mail open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening {
    /// What is theirs to whom it goes.
    Theirs,
    /// Nothing: it is only looked at.
    Nothing,
}

/// What stands in place of the secrets of a mail that is only looked at. It is nobody's.
const PREVIEW: &str = "preview";

impl Store {
    /// What is known for writing mails that nobody has written yet, as far as the actor sees them; what
    /// would open things to those who get them is left out.
    pub async fn unwritten(
        &self,
        actor: &Actor,
        ids: &[DeliveryId],
    ) -> Result<Vec<Outgoing>, Fault> {
        use delivery::Column;
        let waiting = [DeliveryState::Held, DeliveryState::Queued].map(Spelled);
        let rows = delivery::Entity::find()
            .filter(Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(deliveries_seen(actor))
            .filter(Column::State.is_in(waiting))
            .filter(Column::Raw.is_null())
            .all(self.read())
            .await?;
        self.outgoing(rows, Opening::Nothing).await
    }

    /// All that is known for writing some mails: one statement for each kind of thing.
    #[expect(clippy::too_many_lines, reason = "one kind of thing beside the next")]
    pub(super) async fn outgoing(
        &self,
        rows: Vec<delivery::Model>,
        opening: Opening,
    ) -> Result<Vec<Outgoing>, Fault> {
        let on = self.read();
        macro_rules! known {
            ($table:ident, $ids:expr) => {{
                let ids: Vec<Uuid> = $ids.collect();
                let found = $table::Entity::find()
                    .filter($table::Column::Id.is_in(ids))
                    .all(on)
                    .await?;
                found
                    .into_iter()
                    .map(|row| (row.id.0.uuid(), row))
                    .collect::<HashMap<_, _>>()
            }};
        }
        let events = known!(event, rows.iter().map(|row| row.event_id.0.uuid()));
        let workspaces = known!(workspace, rows.iter().map(|row| row.workspace_id.0.uuid()));
        let participants = known!(
            participant,
            rows.iter()
                .filter_map(|row| Some(row.participant_id?.0.uuid()))
        );
        // Whoever the participant is now: two may have become one since, or one two.
        let reader = |row: &delivery::Model| {
            let participant = row
                .participant_id
                .and_then(|id| participants.get(&id.0.uuid()));
            let person = participant.map_or(row.person_id, |one| one.person_id);
            person.0.uuid()
        };
        let people = known!(person, rows.iter().map(reader));
        let invited = rows.iter().filter_map(|row| row.participant_id);
        let standing = invitation::Entity::find()
            .filter(invitation::Column::ParticipantId.is_in(invited))
            .all(on)
            .await?;
        let mut invitations: HashMap<ParticipantId, Vec<Invitation>> = HashMap::new();
        for row in standing {
            let of = invitations.entry(row.participant_id.0).or_default();
            of.push(row.into());
        }
        let suppressed = self.suppressed(&rows, &people).await?;
        let to_be_asked = self.to_be_asked(&rows).await?;
        let told_of = self.told_of(&rows).await?;
        let mut issued = self.issued_to(&rows, opening).await?;
        let offices: Vec<_> = workspaces.values().map(|row| row.id.0).collect();
        let mut worded: HashMap<WorkspaceId, Arc<Vec<MailTemplate>>> = HashMap::new();
        for one in self.mail_templates_of(&POSTMASTER, &offices).await? {
            let of = worded.entry(one.workspace_id).or_default();
            Arc::make_mut(of).push(one);
        }
        let mut all = Vec::with_capacity(rows.len());
        for mut row in rows {
            // An event that was removed since has taken its mails along.
            let (Some(event), Some(workspace)) = (
                events.get(&row.event_id.0.uuid()),
                workspaces.get(&row.workspace_id.0.uuid()),
            ) else {
                continue;
            };
            let person = people.get(&reader(&row));
            let participant = row
                .participant_id
                .and_then(|id| participants.get(&id.0.uuid()));
            let participant = participant.map(|row| row.clone().participant());
            let theirs = row.participant_id.and_then(|id| invitations.get(&id.0));
            let theirs = theirs.map_or(&[][..], Vec::as_slice);
            let wanted = row.invitation_id.map(|id| id.0);
            let invitation = theirs.iter().find(|one| Some(one.id) == wanted).cloned();
            let to_event = theirs.iter().find(|one| one.item_id.is_none()).cloned();
            let mut parts: Vec<_> = theirs
                .iter()
                .filter(|one| one.item_id.is_some())
                .cloned()
                .collect();
            parts.sort_by_key(|one| one.entry.starts_at());
            let secrets = match &participant {
                Some(one) => Some(self.secrets(one, opening).await?),
                None => None,
            };
            let address = person.and_then(|person| person.email.as_deref());
            let key = address.map(|address| (row.workspace_id.0, address.to_lowercase()));
            all.push(Outgoing {
                issued: issued.remove(&row.id.0),
                told: Told::read(&row.payload),
                raw: row.raw.take(),
                first_tried_at: row.first_tried_at.unwrap_or(row.created_at),
                useful_until: row.useful_until,
                workspace: workspace.clone().into(),
                event: event.clone().event()?,
                person: person.cloned().map(Person::from),
                participant,
                invitation,
                to_event,
                parts,
                is_to_be_asked: row
                    .participant_id
                    .is_some_and(|id| to_be_asked.contains(&id.0)),
                was_told: row.invitation_id.is_some_and(|id| told_of.contains(&id.0)),
                secrets,
                bounce: match opening {
                    Opening::Theirs => self.bounce_token(row.id.0).await?,
                    Opening::Nothing => PREVIEW.to_owned(),
                },
                templates: worded.get(&row.workspace_id.0).cloned().unwrap_or_default(),
                remark: row.remark.take(),
                suppressed: key.and_then(|key| suppressed.get(&key).copied()),
                claim: Claim {
                    id: row.id.0,
                    number: row.claims,
                },
                delivery: row.into(),
            });
        }
        Ok(all)
    }

    /// What was issued, for the mails that tell of it.
    async fn issued_to(
        &self,
        rows: &[delivery::Model],
        opening: Opening,
    ) -> Result<HashMap<DeliveryId, IssuedTo>, Fault> {
        let mut wanted = HashMap::new();
        let written = rows.iter().filter(|row| row.raw.is_some());
        let written: HashSet<_> = written.map(|row| row.id.0).collect();
        for row in rows {
            let of = row.payload.get("credential");
            let of = of.and_then(|id| id.as_str()?.parse::<CredentialId>().ok());
            if let Some(credential) = of {
                wanted.insert(row.id.0, credential);
            }
        }
        let mut issued = HashMap::new();
        if wanted.is_empty() {
            return Ok(issued);
        }
        let ids: Vec<_> = wanted.values().copied().collect();
        let found = self.credentials(&POSTMASTER, &ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|one| (one.id, one)).collect();
        for (mail, id) in wanted {
            let Some(credential) = found.get(&id) else {
                continue;
            };
            let secret = match opening {
                Opening::Theirs => self.credential_secret(id).await?,
                Opening::Nothing => PREVIEW.to_owned(),
            };
            // One that cannot be read must not keep the mails of others.
            let document = if written.contains(&mail) {
                None
            } else {
                self.document_of(credential).await.unwrap_or_else(|fault| {
                    let number = credential.number.as_str();
                    tracing::error!(number, error = %fault, "a document cannot be had");
                    None
                })
            };
            issued.insert(
                mail,
                IssuedTo {
                    credential: credential.clone(),
                    secret,
                    document,
                },
            );
        }
        Ok(issued)
    }

    async fn secrets(&self, of: &Participant, opening: Opening) -> Result<Secrets, Fault> {
        Ok(match opening {
            Opening::Theirs => Secrets {
                answer: self.mail_secret(of, MailSecret::Answer).await?,
                calendar: self.mail_secret(of, MailSecret::Calendar).await?,
                reply: self.mail_secret(of, MailSecret::Reply).await?,
                leave: self.mail_secret(of, MailSecret::Leave).await?,
            },
            Opening::Nothing => Secrets {
                answer: PREVIEW.to_owned(),
                calendar: PREVIEW.to_owned(),
                reply: PREVIEW.to_owned(),
                leave: PREVIEW.to_owned(),
            },
        })
    }

    /// Which of the participants whom some mails go to are asked by a mail that waits until somebody has
    /// looked at it.
    async fn to_be_asked(&self, rows: &[delivery::Model]) -> Result<HashSet<ParticipantId>, Fault> {
        use delivery::Column;
        let of = rows.iter().filter_map(|row| row.participant_id);
        let found: Vec<DbId<domain::id::kind::Participant>> = delivery::Entity::find()
            .select_only()
            .column(Column::ParticipantId)
            .distinct()
            .filter(Column::ParticipantId.is_in(of))
            .filter(Column::Kind.eq(Spelled(MessageKind::Invitation)))
            .filter(Column::State.eq(Spelled(DeliveryState::Held)))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(found.into_iter().map(|id| id.0).collect())
    }

    /// Which of the entries that some mails bring stand in a calendar, as far as anybody knows: a mail has
    /// gone out with them.
    async fn told_of(&self, rows: &[delivery::Model]) -> Result<HashSet<InvitationId>, Fault> {
        use delivery::Column;
        let of = rows.iter().filter_map(|row| row.invitation_id);
        let gone = [
            DeliveryState::Sent,
            DeliveryState::Uncertain,
            DeliveryState::Bounced,
        ];
        let gone = Condition::any()
            .add(Column::State.is_in(gone.map(Spelled)))
            .add(Column::Unsure.gt(0));
        let found: Vec<DbId<domain::id::kind::Invitation>> = delivery::Entity::find()
            .select_only()
            .column(Column::InvitationId)
            .distinct()
            .filter(Column::InvitationId.is_in(of))
            .filter(gone)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(found.into_iter().map(|id| id.0).collect())
    }

    async fn suppressed(
        &self,
        rows: &[delivery::Model],
        people: &HashMap<Uuid, person::Model>,
    ) -> Result<BTreeMap<(WorkspaceId, String), SuppressionReason>, Fault> {
        let addresses = people.values().filter_map(|row| row.email.as_deref());
        let addresses: Vec<_> = addresses.map(str::to_lowercase).collect();
        let workspaces = rows.iter().map(|row| row.workspace_id);
        let found = suppression::Entity::find()
            .filter(suppression::Column::WorkspaceId.is_in(workspaces))
            .filter(suppression::Column::Address.is_in(addresses))
            .all(self.read())
            .await?;
        let each = found.into_iter();
        Ok(each
            .map(|row| ((row.workspace_id.0, row.address), row.reason.0))
            .collect())
    }
}
