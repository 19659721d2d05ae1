//! What things have in lists: a place.

use domain::id::OrganizationId;
use sea_orm::{ActiveModelBehavior, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::directory::{membership, post};
use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::entity::place::room;
use crate::record::Thing;

/// A table whose rows have a place in a list.
pub(crate) trait Listed: Thing {
    const POSITION: Self::Column;
    fn position(row: &Self::Model) -> i32;
    fn set_position(row: &mut Self::Model, position: i32);
}

macro_rules! listed {
    ($($table:ident),+ $(,)?) => {$(
        impl Listed for $table::Entity {
            const POSITION: $table::Column = $table::Column::Position;
            fn position(row: &$table::Model) -> i32 {
                row.position
            }
            fn set_position(row: &mut $table::Model, position: i32) {
                row.position = position;
            }
        }
    )+};
}

listed! {
    room, post, membership, event_organization, participant, participant_group, track,
    agenda_item, appearance, release, award, award_recipient, appointment_letter, resolution,
    action_item, report,
}

/// A table of organizations that stand in order beside something.
pub(crate) trait Links:
    EntityTrait<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: ActiveModelBehavior + Send>
{
    const OWNER: Self::Column;
    const POSITION: Self::Column;
    fn owner(row: &Self::Model) -> Uuid;
    fn organization(row: &Self::Model) -> OrganizationId;
    fn row(owner: Uuid, position: i32, organization: OrganizationId) -> Self::Model;
}

macro_rules! links {
    ($($table:ident $owner:ident $field:ident),+ $(,)?) => {$(
        impl Links for $table::Entity {
            const OWNER: $table::Column = $table::Column::$owner;
            const POSITION: $table::Column = $table::Column::Position;
            fn owner(row: &$table::Model) -> Uuid {
                row.$field.0.uuid()
            }
            fn organization(row: &$table::Model) -> OrganizationId {
                row.organization_id.0
            }
            fn row(owner: Uuid, position: i32, organization: OrganizationId) -> $table::Model {
                $table::Model {
                    $field: DbId(domain::Id::from_uuid(owner)),
                    position,
                    organization_id: DbId(organization),
                }
            }
        }
    )+};
}

links! {
    award_grantor AwardId award_id,
    letter_issuer LetterId letter_id,
    action_item_responsible ActionItemId action_item_id,
}
