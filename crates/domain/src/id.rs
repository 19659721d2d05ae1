//! Identifiers: a UUIDv7 that knows what it names, from the wire to the row.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use uuid::Uuid;

/// What an identifier names.
pub trait Kind: 'static {
    /// The three letters before the underscore.
    const PREFIX: &'static str;
    /// The noun, as the schema spells it.
    const NOUN: &'static str;
}

/// The identifier of one thing of kind `K`: a UUIDv7 (RFC 9562, section 5.7), so that ids sort
/// by the time at which they were minted. Written `evt_` and 32 hexadecimal digits.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// Mints an id; the caller owns clock, count and randomness. Of one millisecond, a later `count` sorts behind an earlier
    /// one (RFC 9562, section 6.2, method 1). The twelve bits of the count stand where the first
    /// random bits would.
    pub fn mint(millis: u64, count: u16, random: [u8; 8]) -> Self {
        let mut bytes = [0; 10];
        let (counted, rest) = bytes.split_at_mut(2);
        counted.copy_from_slice(&(count & 0x0fff).to_be_bytes());
        rest.copy_from_slice(&random);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }

    /// Takes over a UUID that is known to name a `K`, such as one read from a row of that table.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self {
            uuid,
            kind: PhantomData,
        }
    }

    /// The UUID itself.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

/// Why a text is not the identifier that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// An identifier of something else.
    #[error("`{found}` is no {noun} id: those begin with `{prefix}_`")]
    WrongKind {
        /// What was given.
        found: String,
        /// The noun asked for.
        noun: &'static str,
        /// The prefix asked for.
        prefix: &'static str,
    },
    /// Not an identifier at all.
    #[error("`{found}` is not an id")]
    Malformed {
        /// What was given.
        found: String,
    },
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (prefix, uuid) = split(text)?;
        if prefix == K::PREFIX {
            Ok(Self::from_uuid(uuid))
        } else {
            Err(IdError::WrongKind {
                found: text.to_owned(),
                noun: K::NOUN,
                prefix: K::PREFIX,
            })
        }
    }
}

/// Splits an identifier into its prefix and its UUID, for callers who accept several kinds.
pub fn split(text: &str) -> Result<(&str, Uuid), IdError> {
    let malformed = || IdError::Malformed {
        found: text.chars().take(80).collect(),
    };
    let (prefix, digits) = text.split_once('_').ok_or_else(malformed)?;
    // Exactly one spelling per id: `Uuid` alone would also take hyphens, braces and capitals.
    let plain = digits.len() == 32
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match Uuid::try_parse(digits) {
        Ok(uuid) if plain => Ok((prefix, uuid)),
        Ok(_) | Err(_) => Err(malformed()),
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.uuid.as_simple())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

/// Declares the kinds of things that have ids. Append only: a prefix is never given away again.
macro_rules! kinds {
    ($( $prefix:literal $kind:ident $alias:ident ),+ $(,)?) => {
        /// One empty type for each kind of thing that has an id.
        pub mod kind {
            $(
                #[doc = concat!("Names a ", stringify!($kind), ".")]
                #[derive(Debug, Clone, Copy)]
                pub enum $kind {}
                impl super::Kind for $kind {
                    const PREFIX: &'static str = $prefix;
                    const NOUN: &'static str = stringify!($kind);
                }
            )+
        }
        $(
            #[doc = concat!("The id of a ", stringify!($kind), ", written `", $prefix, "_…`.")]
            pub type $alias = Id<kind::$kind>;
        )+
    };
}

kinds! {
    "wsp" Workspace WorkspaceId,
    "acc" Account AccountId,
    "tok" AccessToken AccessTokenId,
    "org" Organization OrganizationId,
    "mbr" Membership MembershipId,
    "per" Person PersonId,
    "pst" Post PostId,
    "srs" Series SeriesId,
    "evt" Event EventId,
    "eor" EventOrganization EventOrganizationId,
    "ptc" Participant ParticipantId,
    "grp" ParticipantGroup ParticipantGroupId,
    "ven" Venue VenueId,
    "rom" Room RoomId,
    "trk" Track TrackId,
    "itm" AgendaItem AgendaItemId,
    "app" Appearance AppearanceId,
    "rel" Release ReleaseId,
    "awd" Award AwardId,
    "rcp" AwardRecipient AwardRecipientId,
    "ltr" AppointmentLetter AppointmentLetterId,
    "rsl" Resolution ResolutionId,
    "act" ActionItem ActionItemId,
    "rpt" Report ReportId,
    "aud" AuditEntry AuditEntryId,
    "ope" Operation OperationId,
    "mrg" Merge MergeId,
    "agv" AgendaVersion AgendaVersionId,
    "inv" Invitation InvitationId,
    "msg" Message MessageId,
    "dlv" Delivery DeliveryId,
    "sup" Suppression SuppressionId,
    "rcm" ReceivedMail ReceivedMailId,
    "mtp" MailTemplate MailTemplateId,
    "crd" Credential CredentialId,
    "job" Job JobId,
    "lhd" Letterhead LetterheadId,
    "ptp" PaperTemplate PaperTemplateId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an_event(millis: u64) -> EventId {
        Id::mint(millis, 0, [7; 8])
    }

    #[test]
    fn reads_back_what_it_prints() {
        let id = an_event(1_700_000_000_000);
        assert_eq!(id.to_string().parse::<EventId>().unwrap(), id);
        assert!(id.to_string().starts_with("evt_018bcfe5"));
    }

    #[test]
    fn refuses_another_kind_by_name() {
        let person = PersonId::from_uuid(an_event(1).uuid()).to_string();
        assert_eq!(
            person.parse::<EventId>().unwrap_err().to_string(),
            format!("`{person}` is no Event id: those begin with `evt_`"),
        );
    }

    #[test]
    fn has_one_spelling_only() {
        let id = an_event(1).to_string();
        for wrong in [
            id.to_uppercase(),
            id.replace('_', "-"),
            format!("{id}0"),
            id.replacen("evt_", "evt_{", 1),
            "evt_".to_owned(),
            String::new(),
        ] {
            assert!(wrong.parse::<EventId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn sorts_by_the_time_of_minting() {
        assert!(an_event(1_000) < an_event(2_000));
        assert!(EventId::mint(1, 1, [255; 8]) < EventId::mint(1, 2, [0; 8]));
        assert!(EventId::mint(1, 4_095, [255; 8]) < EventId::mint(2, 0, [0; 8]));
    }
}
