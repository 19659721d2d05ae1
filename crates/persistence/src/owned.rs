//! What belongs to an event: one way to read all of it, many events at a time.

use domain::Id;
use domain::access::{Actor, Permission};
use domain::id::EventId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{appointment_letter, award, award_recipient};
use crate::entity::follow_up::{action_item, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::sight;

/// Which of the things that belong to events.
#[derive(Debug)]
pub enum Of<K: domain::id::Kind> {
    /// Those with these ids.
    Ids(Vec<Id<K>>),
    /// All of these events.
    Events(Vec<EventId>),
}

/// A table whose rows belong to events and have a place in a list.
pub(crate) trait Owned: EntityTrait {
    type Kind: domain::id::Kind;
    const ID: Self::Column;
    const WORKSPACE: Self::Column;
    const EVENT: Self::Column;
    const POSITION: Self::Column;
}

macro_rules! owned {
    ($($table:ident $kind:ident),+ $(,)?) => {$(
        impl Owned for $table::Entity {
            type Kind = domain::id::kind::$kind;
            const ID: $table::Column = $table::Column::Id;
            const WORKSPACE: $table::Column = $table::Column::WorkspaceId;
            const EVENT: $table::Column = $table::Column::EventId;
            const POSITION: $table::Column = $table::Column::Position;
        }
    )+};
}

owned! {
    event_organization EventOrganization,
    participant Participant,
    participant_group ParticipantGroup,
    track Track,
    agenda_item AgendaItem,
    appearance Appearance,
    release Release,
    award Award,
    award_recipient AwardRecipient,
    appointment_letter AppointmentLetter,
    resolution Resolution,
    action_item ActionItem,
    report Report,
}

/// Reads rows that belong to events, as far as the actor sees them, in order.
pub(crate) async fn rows<E: Owned>(
    on: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    of: Of<E::Kind>,
) -> Result<Vec<E::Model>, Fault> {
    let which = match of {
        Of::Ids(ids) if ids.is_empty() => return Ok(Vec::new()),
        Of::Events(ids) if ids.is_empty() => return Ok(Vec::new()),
        Of::Ids(ids) => E::ID.is_in(ids.into_iter().map(DbId)),
        Of::Events(ids) => E::EVENT.is_in(ids.into_iter().map(DbId)),
    };
    Ok(E::find()
        .filter(which)
        .filter(sight::owned_by_event(
            &actor.sight(permission),
            E::WORKSPACE,
            E::EVENT,
        ))
        .order_by_asc(E::POSITION)
        .order_by_asc(E::ID)
        .all(on)
        .await?)
}
