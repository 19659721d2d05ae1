//! What belongs to an event: one way to read all of it, many events at a time.

use domain::Id;
use domain::access::{Actor, Permission};
use domain::id::EventId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

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
    /// Which of the rows are parts of the agenda: those of the draft, seen by who may edit it alone.
    /// All others see them as they were published.
    const AGENDA: InAgenda<Self::Column>;
}

/// Which rows of a table are parts of the agenda.
pub(crate) enum InAgenda<Column> {
    None,
    All,
    /// Those that stand on an item.
    WithItem(Column),
    /// None; but those that belong to a part of it are seen by those who see the part.
    Beside(Column),
    /// Those of an award that is given on it: they are seen by those who see the award.
    OfAward(Column),
}

macro_rules! owned {
    ($($table:ident $kind:ident $agenda:expr),+ $(,)?) => {$(
        impl Owned for $table::Entity {
            type Kind = domain::id::kind::$kind;
            const ID: $table::Column = $table::Column::Id;
            const WORKSPACE: $table::Column = $table::Column::WorkspaceId;
            const EVENT: $table::Column = $table::Column::EventId;
            const POSITION: $table::Column = $table::Column::Position;
            const AGENDA: InAgenda<$table::Column> = $agenda;
        }
    )+};
}

owned! {
    event_organization EventOrganization InAgenda::None,
    participant Participant InAgenda::None,
    participant_group ParticipantGroup InAgenda::None,
    track Track InAgenda::All,
    agenda_item AgendaItem InAgenda::All,
    appearance Appearance InAgenda::WithItem(appearance::Column::ItemId),
    release Release InAgenda::WithItem(release::Column::ItemId),
    award Award InAgenda::WithItem(award::Column::ItemId),
    award_recipient AwardRecipient InAgenda::OfAward(award_recipient::Column::AwardId),
    appointment_letter AppointmentLetter InAgenda::None,
    resolution Resolution InAgenda::Beside(resolution::Column::ItemId),
    action_item ActionItem InAgenda::None,
    report Report InAgenda::None,
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
    let drafts = || sight::drafts(actor, E::WORKSPACE);
    let in_agenda = match E::AGENDA {
        InAgenda::None => Condition::all(),
        InAgenda::All => drafts(),
        // What the draft has taken from its item stands on it for all others until the next version.
        InAgenda::WithItem(item) => Condition::any()
            .add(
                Condition::all()
                    .add(item.is_null())
                    .add(sight::published(E::ID).not()),
            )
            .add(drafts()),
        InAgenda::Beside(part) => Condition::any()
            .add(part.is_null())
            .add(drafts())
            .add(sight::published(part)),
        InAgenda::OfAward(award) => Condition::any()
            .add(drafts())
            .add(sight::published(award))
            .add(sight::award_beside_agenda(award)),
    };
    Ok(E::find()
        .filter(which)
        .filter(sight::owned_by_event(
            &actor.sight(permission),
            E::WORKSPACE,
            E::EVENT,
        ))
        .filter(in_agenda)
        .order_by_asc(E::POSITION)
        .order_by_asc(E::ID)
        .all(on)
        .await?)
}
