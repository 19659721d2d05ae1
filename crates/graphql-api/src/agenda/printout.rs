//! An agenda on paper: the booklet, and the sheet at the door.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Result};
use domain::access::Permission as Act;
use domain::agenda::Agenda;
use domain::credential::PaperLanguages;
use domain::event_organization::EventOrganizationRole;
use domain::id::AgendaItemId;
use domain::{LocalizedText, organization};
use persistence::{Expected, Programme, Proof, SignIn};

use crate::list::pay;
use crate::load::RolesOf;
use crate::printout::{A_PRINTOUT, Printout};
use crate::request::{found, session};

/// The booklet of an agenda.
pub(super) async fn booklet(
    ctx: &Context<'_>,
    agenda: &Arc<Agenda>,
    languages: PaperLanguages,
) -> Result<Option<Printout>> {
    let session = session(ctx)?;
    let event = agenda.event();
    if session
        .actor
        .may(Act::EventRead, event.workspace_id)
        .is_err()
    {
        return Ok(None);
    }
    pay(ctx, A_PRINTOUT)?;
    let roles = session.list(RolesOf(event.id)).await?;
    // Who merely comes does not stand on the title page.
    let behind = roles
        .into_iter()
        .filter(|one| one.role != EventOrganizationRole::Attending);
    let behind: Vec<_> = behind.collect();
    let ids: Vec<_> = behind.iter().map(|one| one.organization_id).collect();
    let known: HashMap<_, Arc<organization::Organization>> = session.many(&ids).await?;
    let organizers = behind.iter().map(|one| {
        let name = known.get(&one.organization_id).map(|known| &known.name);
        // What it was called then is printed, also when it is called otherwise by now.
        let name = name.filter(|name| name.main_text() == one.printed_name);
        let plain =
            || LocalizedText::single(event.title.main_language().clone(), &one.printed_name);
        (one.role, name.cloned().unwrap_or_else(plain))
    });
    let programme = Programme {
        organizers: organizers.collect(),
        agenda: Arc::clone(agenda),
        place: place(ctx, agenda).await?,
        as_of: event.time.zone.local(session.store.now()).date(),
        languages,
    };
    let look = session.store.look(event.workspace_id).await?;
    let set = Printout::set(ctx, Proof::Programme(Box::new(programme)), look);
    Ok(Some(set.await?))
}

/// The sheet at the door of an agenda's event, or of an item on it.
pub(super) async fn sheet(
    ctx: &Context<'_>,
    agenda: &Arc<Agenda>,
    item: Option<AgendaItemId>,
    languages: PaperLanguages,
) -> Result<Option<Printout>> {
    let session = session(ctx)?;
    let event = agenda.event();
    let may = session.actor.may(Act::ParticipantRead, event.workspace_id);
    if may.is_err() || item.is_some_and(|id| agenda.item(id).is_none()) {
        return Ok(None);
    }
    pay(ctx, A_PRINTOUT)?;
    let listed = session
        .store
        .expected_participants(&session.actor, event.id)
        .await?;
    let ids: Vec<_> = listed.iter().map(|one| one.person_id).collect();
    let people = session.many(&ids).await?;
    let ids: Vec<_> = listed
        .iter()
        .filter_map(|one| one.representing_id)
        .collect();
    let from: HashMap<_, Arc<organization::Organization>> = session.many(&ids).await?;
    let rows = listed.into_iter().map(|participant| Expected {
        person: people.get(&participant.person_id).map(Arc::clone),
        from: participant
            .representing_id
            .and_then(|id| from.get(&id))
            .map(|from| from.name.clone()),
        participant,
    });
    let sign_in = SignIn {
        rows: rows.collect(),
        agenda: Arc::clone(agenda),
        item,
        place: place(ctx, agenda).await?,
        languages,
    };
    let look = session.store.look(event.workspace_id).await?;
    let set = Printout::set(ctx, Proof::SignIn(Box::new(sign_in)), look);
    Ok(Some(set.await?))
}

/// The building in which the event is.
async fn place(ctx: &Context<'_>, agenda: &Agenda) -> Result<Option<String>> {
    let venue = found(ctx, agenda.event().venue_id).await?;
    Ok(venue.map(|venue| venue.name.clone()))
}
