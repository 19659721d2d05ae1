//! The links of attendees: what somebody on the list of an event holds in place of an account.
//!
//! A link is computed, not stored: from the participant, from which of their links it is, and from a
//! key of the installation. So every mail can carry the same link, nothing that is read from the
//! tables of participants opens anything, and a link is taken back by counting on.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use domain::access::{Actor, Guest, Permission};
use domain::id::{CredentialId, DeliveryId, ParticipantId, WorkspaceId, kind};
use domain::participant::{Participant, ParticipantLinkRenewRefused};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};
use sha2::Sha256;
use uuid::Uuid;

use crate::entity::access::installation_key;
use crate::entity::participation::participant;
use crate::error::{Error, Fault};
use crate::operation::{Refused, Seen};
use crate::store::Store;

/// What the secret of every link begins with, so that scanners find one that leaked.
pub(crate) const PREFIX: &str = "convoke_link_";

/// The key that links are computed with, by its name among the keys of the installation.
const KEY: &str = "participant-link";

/// What the links of an installation are computed with: 32 bytes, the same on all its nodes.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkKey([u8; 32]);

/// Why a text is no key for links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not 32 bytes in base64url without padding, 43 characters")]
pub struct LinkKeyRefused;

impl std::str::FromStr for LinkKey {
    type Err = LinkKeyRefused;

    fn from_str(text: &str) -> Result<Self, LinkKeyRefused> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
        let bytes = bytes.map_err(|_not_base64| LinkKeyRefused)?;
        Ok(Self(
            bytes.try_into().map_err(|_other_length| LinkKeyRefused)?,
        ))
    }
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nobody wants it in a log.
        f.write_str("LinkKey(…)")
    }
}

/// How much of the code is the participant's id; as much again proves it.
const HALF: usize = 16;

/// What a secret in a mail opens: this, and nothing else. They are taken back with the participant's link,
/// all but the one for replies: it is the address of the organizer of entries that stand in calendars, and
/// a calendar takes no change from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecret {
    /// The page where they answer.
    Answer,
    /// The feed of their calendar entries, which lies with whoever keeps their calendar.
    Calendar,
    /// The address that answers of their calendar come to.
    Reply,
    /// Wanting no more mail.
    Leave,
}

impl MailSecret {
    fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Calendar => "calendar",
            Self::Reply => "reply",
            Self::Leave => "leave",
        }
    }
}

impl Store {
    /// The secret of a participant's link, for who may change the list they are on.
    pub async fn participant_link(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        participant: &Participant,
    ) -> Result<String, Error<std::convert::Infallible>> {
        actor.may(Permission::ParticipantEdit, workspace)?;
        Ok(self.link_of(participant).await?)
    }

    /// A secret of a participant that opens one thing, for who may change the list they are on and for
    /// themselves.
    pub async fn participant_secret(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        participant: &Participant,
        opens: MailSecret,
    ) -> Result<String, Error<std::convert::Infallible>> {
        let own = matches!(actor, Actor::Guest(guest) if guest.participant_id == participant.id);
        if !own {
            actor.may(Permission::ParticipantEdit, workspace)?;
        }
        Ok(self.mail_secret(participant, opens).await?)
    }

    /// The secret of a participant's link, for their own mail.
    pub(crate) async fn link_of(&self, participant: &Participant) -> Result<String, Fault> {
        let mut code = participant.id.uuid().into_bytes().to_vec();
        let proof = self
            .proof(participant.id, participant.link_generation)
            .await?;
        let proof = proof.finalize().into_bytes();
        code.extend(proof.iter().take(HALF));
        Ok(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&code)))
    }

    /// Makes the link of a participant useless; they have another from now on.
    pub async fn renew_participant_link(
        &self,
        actor: &Actor,
        seen: Seen<kind::Participant>,
    ) -> Result<(), Refused<ParticipantLinkRenewRefused>> {
        let name = "participantLinkRenew";
        let (operation, before, refusals) = self
            .change::<participant::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        let mut after = before.clone();
        after.link_generation = after.link_generation.saturating_add(1);
        operation
            .write::<participant::Entity, _>(&before, after, refusals)
            .await
    }

    /// The participant who has signed in with a link, whatever became of their participation since,
    /// if what they are to see is there to be seen. One statement.
    pub(crate) async fn guest(&self, code: &str) -> Result<Option<Guest>, Fault> {
        let Ok(code) = BASE64URL_NOPAD.decode(code.as_bytes()) else {
            return Ok(None);
        };
        let Some((id, proof)) = code.split_at_checked(HALF) else {
            return Ok(None);
        };
        let Ok(id) = Uuid::from_slice(id) else {
            return Ok(None);
        };
        let row = participant::Entity::find()
            .filter(participant::Column::Id.eq(id))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let expected = self.proof(row.id.0, row.link_generation).await?;
        // Compared in constant time.
        if proof.len() != HALF || expected.verify_truncated_left(proof).is_err() {
            return Ok(None);
        }
        Ok(Some(guest_of(&row)))
    }

    /// The secret of a participant that opens one thing, for their own mail. In letters and digits that
    /// survive being made small: it stands in addresses of mail.
    pub async fn mail_secret(
        &self,
        participant: &Participant,
        opens: MailSecret,
    ) -> Result<String, Fault> {
        let proof = self
            .mail_proof(participant.id, participant.link_generation, opens)
            .await?;
        Ok(small_code(participant.id.uuid(), proof))
    }

    /// Whose secret it is, if it opens this. One statement.
    pub async fn holder_of(&self, secret: &str, opens: MailSecret) -> Result<Option<Guest>, Fault> {
        let Some((id, proof)) = read_small_code(secret) else {
            return Ok(None);
        };
        let row = participant::Entity::find()
            .filter(participant::Column::Id.eq(id))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let expected = self
            .mail_proof(row.id.0, row.link_generation, opens)
            .await?;
        let holds = expected.verify_truncated_left(&proof).is_ok();
        Ok(holds.then(|| guest_of(&row)))
    }

    /// What stands in the address that a mail comes back to when it cannot be delivered (VERP).
    pub async fn bounce_token(&self, delivery: DeliveryId) -> Result<String, Fault> {
        Ok(small_code(
            delivery.uuid(),
            self.bounce_proof(delivery).await?,
        ))
    }

    /// Which mail came back, if the address is one of ours.
    pub async fn bounced_delivery(&self, token: &str) -> Result<Option<DeliveryId>, Fault> {
        let Some((id, proof)) = read_small_code(token) else {
            return Ok(None);
        };
        let id = DeliveryId::from_uuid(id);
        let expected = self.bounce_proof(id).await?;
        Ok(expected.verify_truncated_left(&proof).is_ok().then_some(id))
    }

    /// The secret by which the holder of a credential reads it and accepts it.
    pub async fn credential_secret(&self, credential: CredentialId) -> Result<String, Fault> {
        let mut proof = self.keyed("credential").await?;
        proof.update(credential.uuid().as_bytes());
        Ok(small_code(credential.uuid(), proof))
    }

    /// Which credential a secret opens.
    pub async fn opened_credential(&self, secret: &str) -> Result<Option<CredentialId>, Fault> {
        let Some((id, proof)) = read_small_code(secret) else {
            return Ok(None);
        };
        let mut expected = self.keyed("credential").await?;
        expected.update(id.as_bytes());
        let id = CredentialId::from_uuid(id);
        Ok(expected.verify_truncated_left(&proof).is_ok().then_some(id))
    }

    async fn proof(&self, id: ParticipantId, generation: i32) -> Result<Hmac<Sha256>, Fault> {
        let mut proof = self.keyed(KEY).await?;
        proof.update(id.uuid().as_bytes());
        proof.update(&generation.to_be_bytes());
        Ok(proof)
    }

    async fn mail_proof(
        &self,
        id: ParticipantId,
        generation: i32,
        opens: MailSecret,
    ) -> Result<Hmac<Sha256>, Fault> {
        let generation = match opens {
            MailSecret::Reply => 0,
            MailSecret::Answer | MailSecret::Calendar | MailSecret::Leave => generation,
        };
        let mut proof = self.keyed(opens.name()).await?;
        proof.update(id.uuid().as_bytes());
        proof.update(&generation.to_be_bytes());
        Ok(proof)
    }

    async fn bounce_proof(&self, id: DeliveryId) -> Result<Hmac<Sha256>, Fault> {
        let mut proof = self.keyed("bounce").await?;
        proof.update(id.uuid().as_bytes());
        Ok(proof)
    }

    /// The beginning of a proof: what it is for goes into it, so that none stands for another.
    async fn keyed(&self, purpose: &str) -> Result<Hmac<Sha256>, Fault> {
        let key = self.link_key().get_or_try_init(|| self.kept_key()).await?;
        let mut proof =
            Hmac::<Sha256>::new_from_slice(&key.0).map_err(|_any_length_will_do| no_key())?;
        proof.update(purpose.as_bytes());
        Ok(proof)
    }

    /// The key that is kept in the database, made by whoever first needs it.
    async fn kept_key(&self) -> Result<LinkKey, Fault> {
        let find = || installation_key::Entity::find_by_id(KEY.to_owned());
        let found = if let Some(found) = find().one(self.read()).await? {
            found
        } else {
            let made = installation_key::ActiveModel {
                name: ActiveValue::Set(KEY.to_owned()),
                secret: ActiveValue::Set(BASE64URL_NOPAD.encode(&self.secret()?)),
            };
            let tx = self.begin().await?;
            let unless_there = OnConflict::column(installation_key::Column::Name)
                .do_nothing()
                .to_owned();
            installation_key::Entity::insert(made)
                .on_conflict(unless_there)
                .exec_without_returning(tx.on())
                .await?;
            let kept = find().one(tx.on()).await?;
            tx.commit().await?;
            kept.ok_or_else(no_key)?
        };
        found
            .secret
            .parse()
            .map_err(|_broken: LinkKeyRefused| no_key())
    }
}

fn guest_of(row: &participant::Model) -> Guest {
    Guest {
        participant_id: row.id.0,
        person_id: row.person_id.0,
        event_id: row.event_id.0,
    }
}

fn small_code(id: Uuid, proof: Hmac<Sha256>) -> String {
    let mut code = id.into_bytes().to_vec();
    code.extend(proof.finalize().into_bytes().iter().take(HALF));
    BASE32_NOPAD.encode(&code).to_ascii_lowercase()
}

fn read_small_code(code: &str) -> Option<(Uuid, [u8; HALF])> {
    let code = code.to_ascii_uppercase();
    let code = BASE32_NOPAD.decode(code.as_bytes()).ok()?;
    let (id, proof) = code.split_at_checked(HALF)?;
    Some((Uuid::from_slice(id).ok()?, proof.try_into().ok()?))
}

fn no_key() -> Fault {
    Fault::inconsistent("installation_key", "secret", Uuid::nil())
}
