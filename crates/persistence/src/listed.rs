//! What things have in lists: a place, and a name of the caller's own that is unique there.

use domain::id::OrganizationId;
use sea_orm::{ActiveModelBehavior, ColumnTrait, Condition, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::event::series;
use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::entity::place::{room, venue};
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

/// A table whose rows callers may name by keys of their own.
pub(crate) trait Keyed: Thing {
    const EXTERNAL_ID: Self::Column;
    /// The rows among which the key of this one is unique.
    fn list_of_keys(row: &Self::Model) -> Condition;
}

macro_rules! keyed {
    ($($table:ident by $scope:ident $field:ident),+ $(,)?) => {$(
        impl Keyed for $table::Entity {
            const EXTERNAL_ID: $table::Column = $table::Column::ExternalId;
            fn list_of_keys(row: &$table::Model) -> Condition {
                Condition::all().add($table::Column::$scope.eq(row.$field))
            }
        }
    )+};
}

keyed! {
    series by WorkspaceId workspace_id,
    venue by WorkspaceId workspace_id,
    room by VenueId venue_id,
    organization by WorkspaceId workspace_id,
    person by WorkspaceId workspace_id,
    participant_group by EventId event_id,
    track by EventId event_id,
    agenda_item by EventId event_id,
    release by EventId event_id,
    award by EventId event_id,
    appointment_letter by EventId event_id,
    resolution by EventId event_id,
    action_item by EventId event_id,
    report by EventId event_id,
}

/// A table of organizations that stand in order beside something.
pub(crate) trait Links:
    EntityTrait<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: ActiveModelBehavior + Send>
{
    const OWNER: Self::Column;
    fn row(owner: Uuid, position: i32, organization: OrganizationId) -> Self::Model;
}

macro_rules! links {
    ($($table:ident $owner:ident $field:ident),+ $(,)?) => {$(
        impl Links for $table::Entity {
            const OWNER: $table::Column = $table::Column::$owner;
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
