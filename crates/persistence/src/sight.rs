//! What an actor sees, as conditions on rows. A row out of sight does not exist.

use domain::access::{Actor, Permission, Sight};
use domain::event::EventVisibility;
use domain::id::WorkspaceId;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait};

use crate::column::{DbId, Spelled};
use crate::entity::agenda::{agenda_item, appearance};
use crate::entity::ceremony::{award_grantor, award_recipient};
use crate::entity::directory::organization;
use crate::entity::event::event;
use crate::entity::participation::{event_organization, participant_group};
use crate::entity::place::room;

/// Rows of these workspaces.
fn of_workspaces(column: impl ColumnTrait, workspaces: &[WorkspaceId]) -> Condition {
    Condition::all().add(column.is_in(workspaces.iter().copied().map(DbId)))
}

/// Rows that nobody sees but those with a role in their workspace.
pub(crate) fn in_workspaces(sight: &Sight, workspace: impl ColumnTrait) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public => of_workspaces(workspace, &[]),
    }
}

/// Events.
pub(crate) fn events(sight: &Sight) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(event::Column::WorkspaceId, ids),
        Sight::Public => Condition::all()
            .add(event::Column::Visibility.eq(Spelled(EventVisibility::Public)))
            .add(event::Column::PublishedAt.is_not_null()),
    }
}

/// One column of the events that everybody may see.
fn public_events(column: event::Column) -> SelectStatement {
    Query::select()
        .column((event::Entity, column))
        .from(event::Entity)
        .cond_where(events(&Sight::Public))
        .take()
}

/// Rows that belong to an event.
pub(crate) fn owned_by_event(
    sight: &Sight,
    workspace: impl ColumnTrait,
    event: impl ColumnTrait,
) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public => Condition::all().add(event.in_subquery(public_events(event::Column::Id))),
    }
}

/// Parts of an agenda: of a published event, or for those who may edit it.
pub(crate) fn not_of_a_draft(
    actor: &Actor,
    workspace: impl ColumnTrait,
    event: impl ColumnTrait,
) -> Condition {
    let published = Query::select()
        .column((event::Entity, event::Column::Id))
        .from(event::Entity)
        .and_where(event::Column::PublishedAt.is_not_null())
        .take();
    match actor.sight(Permission::AgendaEdit) {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => Condition::any()
            .add(of_workspaces(workspace, &ids))
            .add(event.in_subquery(published)),
        Sight::Public => Condition::all().add(event.in_subquery(published)),
    }
}

/// One column of the rows that belong to events that everybody may see.
fn of_public_events<E: EntityTrait>(
    entity: E,
    column: E::Column,
    event: E::Column,
) -> SelectStatement {
    Query::select()
        .column((entity, column))
        .from(entity)
        .cond_where(column.is_not_null())
        .and_where(event.in_subquery(public_events(event::Column::Id)))
        .take()
}

/// People: the public know those who appear at a public event, in whose name others do, and who
/// got an award there.
pub(crate) fn people<C: ColumnTrait>(sight: &Sight, workspace: C, id: C) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public => Condition::any()
            .add(id.in_subquery(of_public_events(
                appearance::Entity,
                appearance::Column::PersonId,
                appearance::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                appearance::Entity,
                appearance::Column::OnBehalfOfPersonId,
                appearance::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                award_recipient::Entity,
                award_recipient::Column::PersonId,
                award_recipient::Column::EventId,
            ))),
    }
}

/// Organizations: the public know those with a part in a public event, and those founded there.
pub(crate) fn organizations(sight: &Sight) -> Condition {
    let id = organization::Column::Id;
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(organization::Column::WorkspaceId, ids),
        Sight::Public => Condition::any()
            .add(
                organization::Column::FoundingEventId.in_subquery(public_events(event::Column::Id)),
            )
            .add(id.in_subquery(of_public_events(
                event_organization::Entity,
                event_organization::Column::OrganizationId,
                event_organization::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                appearance::Entity,
                appearance::Column::OrganizationId,
                appearance::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                appearance::Entity,
                appearance::Column::OnBehalfOfOrganizationId,
                appearance::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                participant_group::Entity,
                participant_group::Column::OrganizationId,
                participant_group::Column::EventId,
            )))
            .add(id.in_subquery(of_public_events(
                award_recipient::Entity,
                award_recipient::Column::OrganizationId,
                award_recipient::Column::EventId,
            )))
            .add(id.in_subquery(grantors_of_public_awards())),
    }
}

fn grantors_of_public_awards() -> SelectStatement {
    use crate::entity::ceremony::award;
    Query::select()
        .column((award_grantor::Entity, award_grantor::Column::OrganizationId))
        .from(award_grantor::Entity)
        .and_where(award_grantor::Column::AwardId.in_subquery(of_public_events(
            award::Entity,
            award::Column::Id,
            award::Column::EventId,
        )))
        .take()
}

/// Venues: the public know those where a public event, or an item of one, takes place.
pub(crate) fn venues<C: ColumnTrait>(sight: &Sight, workspace: C, venue: C) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public => Condition::any()
            .add(venue.in_subquery(public_events(event::Column::VenueId)))
            .add(venue.in_subquery(venues_of_public_rooms())),
    }
}

fn venues_of_public_rooms() -> SelectStatement {
    Query::select()
        .column((room::Entity, room::Column::VenueId))
        .from(room::Entity)
        .cond_where(room::Column::VenueId.is_not_null())
        .cond_where(public_rooms())
        .take()
}

fn public_rooms() -> Condition {
    Condition::any()
        .add(room::Column::Id.in_subquery(public_events(event::Column::RoomId)))
        .add(room::Column::Id.in_subquery(of_public_events(
            agenda_item::Entity,
            agenda_item::Column::RoomId,
            agenda_item::Column::EventId,
        )))
}

/// Rooms: the public know those of the venues they know, and those used without a venue.
pub(crate) fn rooms(sight: &Sight) -> Condition {
    match sight {
        Sight::Public => Condition::any()
            .add(venues(
                sight,
                room::Column::WorkspaceId,
                room::Column::VenueId,
            ))
            .add(public_rooms()),
        Sight::Everything | Sight::Workspaces(_) => {
            venues(sight, room::Column::WorkspaceId, room::Column::VenueId)
        }
    }
}

/// Series: the public know those of which an event is public.
pub(crate) fn series<C: ColumnTrait>(sight: &Sight, workspace: C, id: C) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public => {
            Condition::all().add(id.in_subquery(public_events(event::Column::SeriesId)))
        }
    }
}

/// Workspaces: the public know those with a public event.
pub(crate) fn workspaces(sight: &Sight, id: impl ColumnTrait) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(id, ids),
        Sight::Public => {
            Condition::all().add(id.in_subquery(public_events(event::Column::WorkspaceId)))
        }
    }
}
