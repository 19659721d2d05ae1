//! What an actor sees, as conditions on rows. A row out of sight does not exist.

use domain::access::{Actor, Guest, Permission, Sight};
use domain::event::EventVisibility;
use domain::id::{WorkspaceId, kind};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait};

use crate::column::{DbId, Spelled};
use crate::entity::agenda::{appearance, published_part};
use crate::entity::ceremony::{award, award_grantor, award_recipient};
use crate::entity::directory::organization;
use crate::entity::event::event;
use crate::entity::participation::{event_organization, participant, participant_group};
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
        Sight::Public(_) => of_workspaces(workspace, &[]),
    }
}

/// Events.
pub(crate) fn events(sight: &Sight) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(event::Column::WorkspaceId, ids),
        Sight::Public(guest) => published_for(*guest),
    }
}

/// Events that are published for everybody, or for a guest of theirs.
fn published_for(guest: Option<Guest>) -> Condition {
    let for_everybody = event::Column::Visibility.eq(Spelled(EventVisibility::Public));
    let theirs = guest.map(|guest| event::Column::Id.eq(DbId(guest.event_id)));
    Condition::all()
        .add(Condition::any().add(for_everybody).add_option(theirs))
        .add(event::Column::PublishedAt.is_not_null())
}

/// One column of those events.
fn public_events(guest: Option<Guest>, column: event::Column) -> SelectStatement {
    Query::select()
        .column((event::Entity, column))
        .from(event::Entity)
        .cond_where(published_for(guest))
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
        Sight::Public(guest) => {
            Condition::all().add(event.in_subquery(public_events(*guest, event::Column::Id)))
        }
    }
}

/// Participants: a guest knows the one that they are.
pub(crate) fn participants(actor: &Actor) -> Condition {
    let (id, event) = (participant::Column::Id, participant::Column::EventId);
    match actor {
        Actor::Guest(guest) => Condition::all()
            .add(id.eq(DbId(guest.participant_id)))
            .add(event.in_subquery(public_events(Some(*guest), event::Column::Id))),
        Actor::Anonymous | Actor::Account(_) | Actor::System { .. } => in_workspaces(
            &actor.sight(Permission::ParticipantRead),
            participant::Column::WorkspaceId,
        ),
    }
}

/// Parts of drafts: seen by those who edit them.
pub(crate) fn drafts(actor: &Actor, workspace: impl ColumnTrait) -> Condition {
    in_workspaces(&actor.sight(Permission::AgendaEdit), workspace)
}

/// Rows that are, or refer to, a part of an agenda as it was published last.
pub(crate) fn published(part: impl ColumnTrait) -> Condition {
    let parts = Query::select()
        .column(published_part::Column::ObjectId)
        .from(published_part::Entity)
        .take();
    Condition::all().add(part.in_subquery(parts))
}

/// The parts of the agenda of one event as it was published last, for those who see the event and do
/// not edit its agenda.
pub(crate) fn parts_of(actor: &Actor, event: DbId<kind::Event>) -> SelectStatement {
    let seen = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::Id.eq(event))
        .cond_where(events(&actor.sight(Permission::PublicRead)))
        .cond_where(drafts(actor, event::Column::WorkspaceId).not())
        .take();
    Query::select()
        .column(published_part::Column::ObjectId)
        .from(published_part::Entity)
        .and_where(published_part::Column::EventId.in_subquery(seen))
        .take()
}

/// Rows of awards that are given beside the agenda.
pub(crate) fn award_beside_agenda(award_id: impl ColumnTrait) -> Condition {
    let beside = Query::select()
        .column((award::Entity, award::Column::Id))
        .from(award::Entity)
        .and_where(award::Column::ItemId.is_null())
        .take();
    Condition::all().add(award_id.in_subquery(beside))
}

/// The parts of agendas that were published for the public, or for a guest.
fn public_parts(guest: Option<Guest>) -> SelectStatement {
    Query::select()
        .column(published_part::Column::ObjectId)
        .from(published_part::Entity)
        .and_where(
            published_part::Column::EventId.in_subquery(public_events(guest, event::Column::Id)),
        )
        .take()
}

/// Those of these rows that stand on no item of the agenda: what does, is seen as it was published.
fn beside(mut rows: SelectStatement, item: impl ColumnTrait) -> SelectStatement {
    rows.and_where(item.is_null()).take()
}

/// The recipients of awards that are given beside the agenda of an event that everybody may see.
fn recipients_beside(guest: Option<Guest>, who: award_recipient::Column) -> SelectStatement {
    let awards = of_public_events(
        guest,
        award::Entity,
        award::Column::Id,
        award::Column::EventId,
    );
    Query::select()
        .column((award_recipient::Entity, who))
        .from(award_recipient::Entity)
        .and_where(who.is_not_null())
        .and_where(
            award_recipient::Column::AwardId.in_subquery(beside(awards, award::Column::ItemId)),
        )
        .take()
}

/// One column of the rows that belong to events that everybody may see.
fn of_public_events<E: EntityTrait>(
    guest: Option<Guest>,
    entity: E,
    column: E::Column,
    event: E::Column,
) -> SelectStatement {
    Query::select()
        .column((entity, column))
        .from(entity)
        .cond_where(column.is_not_null())
        .and_where(event.in_subquery(public_events(guest, event::Column::Id)))
        .take()
}

/// People: the public know those who appear at a public event, in whose name others do, and who
/// got an award there. A guest knows themselves, too.
pub(crate) fn people<C: ColumnTrait>(sight: &Sight, workspace: C, id: C) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public(guest) => Condition::any()
            .add(id.in_subquery(beside(
                of_public_events(
                    *guest,
                    appearance::Entity,
                    appearance::Column::PersonId,
                    appearance::Column::EventId,
                ),
                appearance::Column::ItemId,
            )))
            .add(id.in_subquery(beside(
                of_public_events(
                    *guest,
                    appearance::Entity,
                    appearance::Column::OnBehalfOfPersonId,
                    appearance::Column::EventId,
                ),
                appearance::Column::ItemId,
            )))
            .add(id.in_subquery(recipients_beside(*guest, award_recipient::Column::PersonId)))
            .add(id.in_subquery(public_parts(*guest)))
            .add_option(guest.map(|guest| id.eq(DbId(guest.person_id)))),
    }
}

/// Organizations: the public know those with a part in a public event, and those founded there.
pub(crate) fn organizations(sight: &Sight) -> Condition {
    let id = organization::Column::Id;
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(organization::Column::WorkspaceId, ids),
        Sight::Public(guest) => Condition::any()
            .add(
                organization::Column::FoundingEventId
                    .in_subquery(public_events(*guest, event::Column::Id)),
            )
            .add(id.in_subquery(of_public_events(
                *guest,
                event_organization::Entity,
                event_organization::Column::OrganizationId,
                event_organization::Column::EventId,
            )))
            .add(id.in_subquery(beside(
                of_public_events(
                    *guest,
                    appearance::Entity,
                    appearance::Column::OrganizationId,
                    appearance::Column::EventId,
                ),
                appearance::Column::ItemId,
            )))
            .add(id.in_subquery(beside(
                of_public_events(
                    *guest,
                    appearance::Entity,
                    appearance::Column::OnBehalfOfOrganizationId,
                    appearance::Column::EventId,
                ),
                appearance::Column::ItemId,
            )))
            .add(id.in_subquery(of_public_events(
                *guest,
                participant_group::Entity,
                participant_group::Column::OrganizationId,
                participant_group::Column::EventId,
            )))
            .add(id.in_subquery(recipients_beside(
                *guest,
                award_recipient::Column::OrganizationId,
            )))
            .add(id.in_subquery(public_parts(*guest)))
            .add(id.in_subquery(grantors_of_public_awards(*guest))),
    }
}

fn grantors_of_public_awards(guest: Option<Guest>) -> SelectStatement {
    let awards = of_public_events(
        guest,
        award::Entity,
        award::Column::Id,
        award::Column::EventId,
    );
    Query::select()
        .column((award_grantor::Entity, award_grantor::Column::OrganizationId))
        .from(award_grantor::Entity)
        .and_where(
            award_grantor::Column::AwardId.in_subquery(beside(awards, award::Column::ItemId)),
        )
        .take()
}

/// Venues: the public know those where a public event, or an item of one, takes place.
pub(crate) fn venues<C: ColumnTrait>(sight: &Sight, workspace: C, venue: C) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(workspace, ids),
        Sight::Public(guest) => Condition::any()
            .add(venue.in_subquery(public_events(*guest, event::Column::VenueId)))
            .add(venue.in_subquery(venues_of_public_rooms(*guest))),
    }
}

fn venues_of_public_rooms(guest: Option<Guest>) -> SelectStatement {
    Query::select()
        .column((room::Entity, room::Column::VenueId))
        .from(room::Entity)
        .cond_where(room::Column::VenueId.is_not_null())
        .cond_where(public_rooms(guest))
        .take()
}

fn public_rooms(guest: Option<Guest>) -> Condition {
    Condition::any()
        .add(room::Column::Id.in_subquery(public_events(guest, event::Column::RoomId)))
        .add(room::Column::Id.in_subquery(public_parts(guest)))
}

/// Rooms: the public know those of the venues they know, and those used without a venue.
pub(crate) fn rooms(sight: &Sight) -> Condition {
    match sight {
        Sight::Public(guest) => Condition::any()
            .add(venues(
                sight,
                room::Column::WorkspaceId,
                room::Column::VenueId,
            ))
            .add(public_rooms(*guest)),
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
        Sight::Public(guest) => {
            Condition::all().add(id.in_subquery(public_events(*guest, event::Column::SeriesId)))
        }
    }
}

/// Workspaces: the public know those with a public event.
pub(crate) fn workspaces(sight: &Sight, id: impl ColumnTrait) -> Condition {
    match sight {
        Sight::Everything => Condition::all(),
        Sight::Workspaces(ids) => of_workspaces(id, ids),
        Sight::Public(guest) => {
            Condition::all().add(id.in_subquery(public_events(*guest, event::Column::WorkspaceId)))
        }
    }
}
