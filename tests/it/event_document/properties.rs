//! What holds for every document: it comes back as it was, is laid over what was there, and replaces it.

use super::*;

both!(
    what_was_exported_is_imported_as_it_was,
    a_document_is_laid_over_what_was_there,
    a_document_replaces_what_was_there,
);

/// A few random documents, each on a database of its own. Where one fails, it is written down.
fn a_few<S, F>(
    strategy: &S,
    written: impl Fn(S::Value) -> Vec<EventDocument>,
    test: impl Fn(S::Value) -> F,
) where
    S: Strategy,
    F: Future<Output = ()>,
{
    let mut runner = TestRunner::new(Config {
        cases: 12,
        max_shrink_iters: 50,
        ..Config::default()
    });
    let run = runner.run(strategy, |value| {
        // The runner is no friend of async.
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(test(value));
        });
        Ok(())
    });
    match run {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{reason}"),
        Err(TestError::Fail(reason, value)) => {
            let written: Vec<_> = written(value).iter().map(write).collect();
            panic!("{reason}\n{}", written.join("\n---\n"));
        }
    }
}

async fn what_was_exported_is_imported_as_it_was(backend: Backend) {
    a_few(
        &event_document(),
        |one| vec![one],
        |document| async move {
            let app = TestApp::new(backend).await;
            let here = app.workspace("here").await;
            let elsewhere = app.workspace("elsewhere").await;
            make_parent(&app, &here, &document).await;
            make_parent(&app, &elsewhere, &document).await;

            let (event, _) = bring(&app, &here, &document, Missing::Keep).await;
            let exported = export(&app, event.id).await;
            assert_eq!(check(&exported), []);
            let expected = settled(document, None);
            assert_same(&own(&exported), &own(&expected));
            assert_eq!(founded(&exported), founded(&expected));
            assert_directory(&exported, &expected);

            assert_eq!(read(&write(&exported)).as_ref(), Ok(&exported));

            let before = app.database.contents().await;
            for missing in [Missing::Keep, Missing::Remove] {
                let (_, changes) = bring(&app, &here, &exported, missing).await;
                assert!(nothing_changed(changes), "{changes:?}");
            }
            assert_eq!(app.database.contents().await, before);

            let (copy, changes) = bring(&app, &elsewhere, &exported, Missing::Remove).await;
            assert_eq!((changes.updated, changes.removed), (0, 0));
            assert_same(&export(&app, copy.id).await, &exported);
        },
    );
}

/// That what an export says of the directory is what was said of it. Who is only mentioned by those
/// whom the event mentions is not written down with all members.
pub(super) fn assert_directory(exported: &EventDocument, expected: &EventDocument) {
    for one in &exported.venues {
        let known = expected.venues.iter().find(|known| known.key == one.key);
        let known = known.expect("a venue that was imported");
        // A room whose key is now that of a room elsewhere has stayed in its venue, besides those. Two rooms of a
        // venue may differ in their keys alone, so each is known by all else that is said of it.
        let mut one = one.clone();
        let mut found = one.rooms;
        one.rooms = Vec::new();
        for room in &known.rooms {
            let same = |one: &RoomEntry| {
                *room
                    == RoomEntry {
                        key: room.key.clone(),
                        ..one.clone()
                    }
            };
            let at = found.iter().position(same);
            found.swap_remove(at.unwrap_or_else(|| panic!("{room:#?} is not among {found:#?}")));
            one.rooms.push(room.clone());
        }
        assert_eq!(one, *known);
    }
    for one in &exported.people {
        assert!(expected.people.contains(one), "{one:#?}");
    }
    for one in &exported.organizations {
        let known = expected.organizations.iter();
        let mut known = known.filter(|known| known.key == one.key).cloned();
        let mut known = known.next().expect("an organization that was imported");
        if one.memberships.is_empty() {
            known.memberships.clear();
        }
        assert_eq!(*one, known);
    }
}

/// A document in which rooms are referred to by their venues and names. (Where two venues have a
/// room of one key, an export has to call one of them by its id.)
fn rooms_by_name(document: &EventDocument) -> EventDocument {
    fn of_items(items: &mut [ItemEntry], names: &BTreeMap<Key, Key>) {
        for item in items {
            item.room = item.room.as_ref().map(|key| names[key].clone());
            of_items(&mut item.items, names);
        }
    }
    let venues = document.venues.iter();
    let rooms = venues.flat_map(|venue| venue.rooms.iter().map(move |room| (venue, room)));
    let names = rooms.map(|(venue, room)| {
        let name = format!("{} {}", venue.key, room.name);
        let name: String = name.chars().take(200).collect();
        (room.key.clone(), name.parse().expect("a key"))
    });
    let names: BTreeMap<Key, Key> = names.collect();
    let mut document = document.clone();
    document.room = document.room.map(|key| names[&key].clone());
    of_items(&mut document.agenda, &names);
    document
}

async fn a_document_is_laid_over_what_was_there(backend: Backend) {
    a_few(&two_of_one_event(), both_of, |(first, second)| async move {
        Box::pin(second_after_first(backend, first, second, Missing::Keep)).await;
    });
}

async fn a_document_replaces_what_was_there(backend: Backend) {
    a_few(&two_of_one_event(), both_of, |(first, second)| async move {
        Box::pin(second_after_first(backend, first, second, Missing::Remove)).await;
    });
}

fn both_of((first, second): (EventDocument, EventDocument)) -> Vec<EventDocument> {
    vec![first, second]
}

async fn second_after_first(
    backend: Backend,
    first: EventDocument,
    second: EventDocument,
    missing: Missing,
) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let (event, _) = bring(&app, &here, &first, Missing::Keep).await;
    let before = export(&app, event.id).await;
    let ids_before = ids(&app, &here, event.id).await;
    let rows_before = app.database.contents().await;

    // What is known when the second comes: the event, and of the directory what either speaks of.
    let mut known = settled(first, None);
    let spoken_of = |key: &Key| {
        let mut venues = before.venues.iter().chain(&second.venues);
        venues.any(|venue: &VenueEntry| venue.key == *key)
    };
    known.venues.retain(|venue| spoken_of(&venue.key));
    let over = |second: &EventDocument| match missing {
        Missing::Keep => merge(second.clone(), known.clone()),
        Missing::Remove => replace(second.clone(), known.clone()),
    };

    // Two sound documents may contradict each other. That is told, and nothing has happened.
    let mut sent = second;
    if !check(&over(&sent)).is_empty() {
        let refused = import(&app, &here, sent.clone(), missing, Effect::Apply).await;
        let problems = refused.expect_err("a contradiction");
        assert!(!problems.is_empty());
        assert_eq!(app.database.contents().await, rows_before);
        sent = tame(sent);
        assert_eq!(check(&over(&sent)), []);
    }
    let forbidden = forbidden_steps(&sent, &before);
    if !forbidden.is_empty() {
        let refused = import(&app, &here, sent.clone(), missing, Effect::Apply).await;
        let problems = refused.expect_err("a forbidden step");
        assert_eq!(places(&problems), forbidden);
        let illegal = |problem: &Problem| problem.code == ProblemCode::IllegalState;
        assert!(problems.iter().all(illegal), "{problems:#?}");
        assert_eq!(app.database.contents().await, rows_before);
        sent = without_steps(sent);
    }

    let (again, changes) = bring(&app, &here, &sent, missing).await;
    assert_eq!(again.id, event.id);
    let exported = export(&app, event.id).await;
    let expected = settled(over(&sent), Some(&before));
    assert_same(
        &own(&rooms_by_name(&exported)),
        &own(&rooms_by_name(&expected)),
    );
    assert_eq!(founded(&exported), founded(&expected));
    assert_directory(&exported, &expected);

    // The same in plainer words, without the rules of the domain.
    let (of_first, of_second) = (things(&before), things(&sent));
    let ids_after = ids(&app, &here, event.id).await;
    let expected: BTreeSet<_> = match missing {
        Missing::Keep => of_first.union(&of_second).cloned().collect(),
        Missing::Remove => of_second,
    };
    assert_eq!(things(&exported), expected);
    for (thing, id) in &ids_before {
        if let Some(same) = ids_after.get(thing) {
            assert_eq!(same, id, "{thing:?}");
        } else {
            assert_eq!(missing, Missing::Remove, "{thing:?}");
            assert!(!DIRECTORY.contains(&thing.0), "{thing:?}");
        }
    }
    if missing == Missing::Keep {
        assert_eq!(changes.removed, 0);
    }
}

/// A document that contradicts no other: it gives no terms, sends no delegations, names no rooms.
fn tame(mut document: EventDocument) -> EventDocument {
    fn of_items(items: &mut [ItemEntry]) {
        for item in items {
            item.room = None;
            of_items(&mut item.items);
        }
    }
    document.room = None;
    for venue in &mut document.venues {
        venue.rooms.clear();
    }
    let memberships = document.organizations.iter_mut();
    for one in memberships.flat_map(|one| &mut one.memberships) {
        (one.since, one.until) = (None, None);
    }
    for post in document.people.iter_mut().flat_map(|one| &mut one.posts) {
        (post.since, post.until) = (None, None);
    }
    for role in &mut document.roles {
        role.delegation = None;
    }
    for letter in &mut document.letters {
        (letter.since, letter.until) = (None, None);
    }
    of_items(&mut document.agenda);
    document
}

fn without_steps(mut document: EventDocument) -> EventDocument {
    // A reason goes with its state.
    (document.status, document.cancellation_reason) = (None, None);
    document
        .participants
        .iter_mut()
        .for_each(|one| one.status = None);
    document
        .letters
        .iter_mut()
        .for_each(|one| one.status = None);
    document
        .action_items
        .iter_mut()
        .for_each(|one| one.status = None);
    document
}

/// What belongs to the workspace.
const DIRECTORY: [&str; 2] = ["person", "organization"];

/// The id of each thing, by noun and key.
async fn ids(
    app: &TestApp,
    workspace: &Workspace,
    event: EventId,
) -> BTreeMap<(&'static str, String), String> {
    let store = &app.store;
    let mut ids = BTreeMap::new();
    macro_rules! keyed {
        ($noun:literal, $rows:expr) => {
            for row in $rows.await.expect("rows") {
                let key = row.external_id.expect("a key").to_string();
                ids.insert(($noun, key), row.id.to_string());
            }
        };
    }
    let of = vec![event];
    keyed!(
        "group",
        store.participant_groups(&STAGEHAND, Of::Events(of.clone()))
    );
    keyed!("track", store.tracks(&STAGEHAND, Of::Events(of.clone())));
    keyed!(
        "release",
        store.releases(&STAGEHAND, Of::Events(of.clone()))
    );
    keyed!("award", store.awards(&STAGEHAND, Of::Events(of.clone())));
    keyed!(
        "letter",
        store.appointment_letters(&STAGEHAND, Of::Events(of.clone()))
    );
    keyed!(
        "resolution",
        store.resolutions(&STAGEHAND, Of::Events(of.clone()))
    );
    keyed!(
        "action item",
        store.action_items(&STAGEHAND, Of::Events(of.clone()))
    );
    keyed!("report", store.reports(&STAGEHAND, Of::Events(of.clone())));
    for agenda in store.agendas(&STAGEHAND, &of).await.expect("an agenda") {
        for item in agenda.items() {
            let key = item.external_id.clone().expect("a key").to_string();
            ids.insert(("item", key), item.id.to_string());
        }
    }
    let page = PageRequest {
        first: Some(100),
        ..PageRequest::default()
    };
    let filter = PersonFilter::default();
    let people = store.people_page(&STAGEHAND, &filter, &page).await;
    for (_, one) in people.expect("people").expect("a page").items {
        let key = one.external_id.expect("a key").to_string();
        ids.insert(("person", key), one.id.to_string());
    }
    let filter = OrganizationFilter::default();
    let organizations = store.organizations_page(&STAGEHAND, &filter, &page).await;
    for (_, one) in organizations.expect("rows").expect("a page").items {
        assert_eq!(one.workspace_id, workspace.id);
        let key = one.external_id.expect("a key").to_string();
        ids.insert(("organization", key), one.id.to_string());
    }
    ids
}
