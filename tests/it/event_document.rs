//! Event documents through the store: what is imported is there, what is exported can be imported
//! again and changes nothing, and what is refused has left no trace.

mod agenda;
mod properties;
mod settled;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use domain::Word as _;
use domain::event::Event;
use domain::event_document::{
    AppearanceEntry, AppearingKey, EventDocument, ItemEntry, PersonEntry, RoomEntry, VenueEntry,
    check, merge, replace,
};
use domain::id::{AgendaItemId, EventId};
use domain::problem::Path;
use domain::workspace::Workspace;
use domain::{Key, Problem, ProblemCode};
use interchange::event_document::arbitrary::{event_document, two_of_one_event};
use interchange::event_document::{read, write};
use persistence::{
    Effect, Error, EventImport, ImportChanges, ImportRefused, Missing, Of, OrganizationFilter,
    PageRequest, PersonFilter,
};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestError, TestRunner};
use tests::{Backend, EXAMPLES, STAGEHAND, TestApp, both, example};

use agenda::agenda;
use properties::assert_directory;
use settled::{forbidden_steps, founded, own, settled, things};

both!(
    the_examples_come_back_as_they_were,
    a_rehearsal_leaves_no_trace,
    a_refused_document_leaves_no_trace,
    nothing_becomes_a_part_of_itself_through_another_document,
    what_is_printed_stays_as_it_was,
    a_document_takes_nothing_from_another_event,
    a_letter_of_another_event_keeps_its_membership,
    two_venues_may_have_rooms_of_one_key,
    a_delegate_may_rise_and_change_sides,
    an_event_may_have_a_thousand_people,
);

async fn import(
    app: &TestApp,
    workspace: &Workspace,
    document: EventDocument,
    missing: Missing,
    effect: Effect,
) -> Result<(Event, ImportChanges), Vec<Problem>> {
    let import = EventImport {
        workspace: workspace.id,
        document,
        missing,
        effect,
    };
    match app.store.import_event(&STAGEHAND, import).await {
        Ok(imported) => Ok(imported),
        Err(Error::Refused(ImportRefused(problems))) => Err(problems),
        Err(other) => panic!("{other:#?}"),
    }
}

/// Imports a document in which nothing is wrong.
async fn bring(
    app: &TestApp,
    workspace: &Workspace,
    document: &EventDocument,
    missing: Missing,
) -> (Event, ImportChanges) {
    import(app, workspace, document.clone(), missing, Effect::Apply)
        .await
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{}", write(document)))
}

async fn export(app: &TestApp, event: EventId) -> EventDocument {
    let exported = app.store.export_event(&STAGEHAND, event).await;
    exported.expect("an event to write down")
}

fn document(text: &str) -> EventDocument {
    read(text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

/// The paths of problems, as people write them.
fn places(problems: &[Problem]) -> BTreeSet<String> {
    let paths = problems.iter().map(|problem| Path(problem.path.clone()));
    paths.map(|path| path.to_string()).collect()
}

/// That two documents are the same; if not, where they begin to differ.
#[track_caller]
fn assert_same(found: &EventDocument, expected: &EventDocument) {
    if found == expected {
        return;
    }
    let (found, expected) = (write(found), write(expected));
    let mut lines = found.lines().zip(expected.lines());
    let same = lines.by_ref().take_while(|(one, other)| one == other);
    let same = same.count();
    let from = |text: &str| {
        let lines = text.lines().skip(same.saturating_sub(20)).take(40);
        lines.collect::<Vec<_>>().join("\n")
    };
    panic!("found:\n{}\n\nexpected:\n{}", from(&found), from(&expected));
}

fn nothing_changed(changes: ImportChanges) -> bool {
    (changes.created, changes.updated, changes.removed) == (0, 0, 0)
}

/// Makes the event that a document is part of, if it says so.
async fn make_parent(app: &TestApp, workspace: &Workspace, of: &EventDocument) {
    if let Some(parent) = &of.parent {
        let text = format!(
            "key: {parent}\nlanguage: en\ntitle: All of it\ntime: {{ timeZone: UTC, startsOn: 2024-01-01 }}"
        );
        bring(app, workspace, &document(&text), Missing::Keep).await;
    }
}

async fn the_examples_come_back_as_they_were(backend: Backend) {
    let app = TestApp::new(backend).await;
    let (here, elsewhere) = (
        app.workspace("here").await,
        app.workspace("elsewhere").await,
    );
    let mut examples: Vec<_> = EXAMPLES
        .iter()
        .map(|slug| document(&example(slug)))
        .collect();
    let every_field = document(&example("every-field"));
    for workspace in [&here, &elsewhere] {
        make_parent(&app, workspace, &every_field).await;
    }
    examples.push(every_field);
    for one in examples {
        let (event, changes) = bring(&app, &here, &one, Missing::Keep).await;
        assert_eq!((changes.updated, changes.removed), (0, 0));
        let exported = export(&app, event.id).await;
        let expected = settled(one, None);
        assert_same(&own(&exported), &own(&expected));
        assert_directory(&exported, &expected);
        assert_eq!(read(&write(&exported)).as_ref(), Ok(&exported));
        let (copy, _) = bring(&app, &elsewhere, &exported, Missing::Keep).await;
        assert_same(&export(&app, copy.id).await, &exported);
    }
}

/// An event that has come some way.
const HELD: &str = "
key: autumn-forum
status: CANCELLED
cancellationReason: a flood
language: en
title: Autumn Forum
time: { timeZone: Europe/Berlin, startsOn: 2024-10-10 }
organizations:
  - { key: works, name: Example Works }
people:
  - { key: ada, name: Ada Example }
  - { key: bo, name: Bo Sample }
participants:
  - { person: ada, status: ATTENDED }
  - { person: bo, status: CONFIRMED }
letters:
  - { key: letter, appointee: ada, body: works, post: chair, status: ISSUED, issuedOn: 2024-10-10 }
actionItems:
  - { key: list, description: list the machines, status: DONE }
";

async fn a_rehearsal_leaves_no_trace(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let empty = app.database.contents().await;
    let first = document(HELD);
    let rehearse = |document: &EventDocument, missing| {
        import(&app, &here, document.clone(), missing, Effect::Rehearse)
    };

    let (would_be, tried) = rehearse(&first, Missing::Keep).await.expect("no problems");
    assert_eq!(would_be.slug, first.key);
    assert_eq!(app.database.contents().await, empty);
    let (event, done) = bring(&app, &here, &first, Missing::Keep).await;
    assert_eq!(tried, done);

    let before = app.database.contents().await;
    let mut changed = first;
    changed.title = document(&HELD.replace("Autumn Forum", "Winter Forum")).title;
    changed.action_items.clear();
    let (would_be, tried) = rehearse(&changed, Missing::Remove)
        .await
        .expect("no problems");
    assert_eq!(
        (would_be.id, would_be.version),
        (event.id, event.version + 1)
    );
    assert_eq!(would_be.title, changed.title);
    assert_eq!((tried.created, tried.updated, tried.removed), (0, 1, 1));
    assert_eq!(app.database.contents().await, before);
    let (_, done) = bring(&app, &here, &changed, Missing::Remove).await;
    assert_eq!(tried, done);
}

async fn a_refused_document_leaves_no_trace(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let held = document(HELD);
    bring(&app, &here, &held, Missing::Keep).await;
    let before = app.database.contents().await;
    let refused = |text: String| {
        let (app, here) = (&app, &here);
        async move {
            let mut all = BTreeSet::new();
            for effect in [Effect::Apply, Effect::Rehearse] {
                let sent = document(&text);
                let refused = import(app, here, sent, Missing::Keep, effect).await;
                all.insert(format!("{:#?}", refused.as_ref().expect_err("problems")));
                let problems = refused.expect_err("problems");
                assert!(problems.iter().all(|one| !one.message.is_empty()));
                let told = problems
                    .iter()
                    .map(|one| (one.code, Path(one.path.clone()).to_string()));
                let told: BTreeSet<_> = told.map(|(code, at)| format!("{at} {code}")).collect();
                all = BTreeSet::from_iter(told);
            }
            all
        }
    };

    // Every step that no state machine allows, and a parent that is not there: all at once, though
    // much else would be new.
    let text = HELD
        .replace(
            "CANCELLED\ncancellationReason: a flood\n",
            "PUBLISHED\nparent: autumn-week\n",
        )
        .replace("ATTENDED", "CONFIRMED")
        .replace("CONFIRMED }", "LISTED }")
        .replace("issuedOn: 2024-10-10", "issuedOn: 2024-10-11")
        .replace("DONE", "IN_PROGRESS")
        .replace("Bo Sample", "Bo Other")
        + "agenda:\n  - { key: opening, kind: OPENING }\n";
    let expected = [
        "actionItems[0].status ILLEGAL_STATE",
        "letters[0].status ILLEGAL_STATE",
        "parent NOT_FOUND",
        "participants[0].status ILLEGAL_STATE",
        "participants[1].status ILLEGAL_STATE",
        "status ILLEGAL_STATE",
    ];
    assert_eq!(refused(text).await, expected.map(str::to_owned).into());
    assert_eq!(app.database.contents().await, before);

    // A letter that was issued is not a draft again.
    let text = HELD.replace("status: ISSUED, issuedOn: 2024-10-10", "status: DRAFT");
    let expected = ["letters[0].status ILLEGAL_STATE".to_owned()];
    assert_eq!(refused(text).await, expected.into());

    // A place is one in what was sent, whatever else is known.
    let text = "
key: autumn-forum
language: en
title: Autumn Forum
time: { timeZone: Europe/Berlin, startsOn: 2024-10-10 }
people:
  - { key: bo, name: Bo Sample }
participants:
  - { person: bo, status: LISTED }
";
    let expected = ["participants[0].status ILLEGAL_STATE".to_owned()];
    assert_eq!(refused(text.to_owned()).await, expected.into());
    assert_eq!(app.database.contents().await, before);

    // What is wrong with a document by itself is told whoever sends it.
    let mut unsound = held;
    unsound.capacity = Some(0);
    unsound.participants[1].person = unsound.participants[0].person.clone();
    unsound.letters[0].body = "nobody".parse().expect("a key");
    let refused = import(&app, &here, unsound, Missing::Keep, Effect::Apply).await;
    let told = places(&refused.expect_err("problems"));
    let expected = ["capacity", "letters[0].body", "participants[1].person"];
    assert_eq!(told, expected.map(str::to_owned).into());
    assert_eq!(app.database.contents().await, before);
}

async fn nothing_becomes_a_part_of_itself_through_another_document(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let event = |key: &str, more: &str| {
        document(&format!(
            "key: {key}\nlanguage: en\ntitle: One\ntime: {{ timeZone: UTC, startsOn: 2024-01-01 }}\n{more}"
        ))
    };
    let keep = Missing::Keep;
    bring(&app, &here, &event("week", ""), keep).await;
    bring(&app, &here, &event("day", "parent: week"), keep).await;
    bring(&app, &here, &event("hour", "parent: day"), keep).await;
    let organizations = "
organizations:
  - { key: city, name: City }
  - { key: office, name: Office, parent: city }
  - { key: desk, name: Desk, parent: office }
";
    bring(&app, &here, &event("one", organizations), keep).await;

    let before = app.database.contents().await;
    for (sent, at) in [
        (event("week", "parent: hour"), "parent"),
        (event("week", "parent: day"), "parent"),
        (
            event(
                "two",
                "organizations:\n  - { key: desk, name: Desk }\n  - { key: city, name: City, parent: desk }",
            ),
            "organizations[1].parent",
        ),
    ] {
        for missing in [Missing::Keep, Missing::Remove] {
            let refused = import(&app, &here, sent.clone(), missing, Effect::Apply).await;
            let problems = refused.expect_err("a circle");
            assert!(places(&problems).contains(at), "{problems:#?}");
            assert_eq!(app.database.contents().await, before);
        }
    }
}

async fn what_is_printed_stays_as_it_was(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let event = |key: &str, name: &str, post: &str, works: &str| {
        document(&format!(
            "
key: {key}
language: en
title: A forum
time: {{ timeZone: UTC, startsOn: 2024-01-01 }}
organizations:
  - {{ key: works, name: {works} }}
people:
  - key: ada
    name: {name}
    posts:
      - {{ title: {post}, organization: works }}
roles:
  - {{ organization: works, role: HOST }}
appearances:
  - {{ role: CHAIR, person: ada }}
  - {{ role: HOST, organization: works }}
"
        ))
    };
    let printed = |document: &EventDocument| {
        let chair = &document.appearances[0];
        let one = &document.participants[0];
        assert_eq!(one.printed_name, chair.printed_name);
        assert_eq!(one.printed_posts, chair.printed_posts);
        assert_eq!(
            document.roles[0].printed_name,
            document.appearances[1].printed_name
        );
        (
            chair.printed_name.clone().unwrap_or_default(),
            chair.printed_posts.clone().unwrap_or_default().join(", "),
            document.roles[0].printed_name.clone().unwrap_or_default(),
        )
    };
    let texts = |name: &str, posts: &str, works: &str| {
        (name.to_owned(), posts.to_owned(), works.to_owned())
    };

    let first = event("first", "Ada Example", "head", "Example Works");
    let (first, _) = bring(&app, &here, &first, Missing::Keep).await;
    let old = texts("Ada Example", "head", "Example Works");
    assert_eq!(printed(&export(&app, first.id).await), old);

    // She marries, rises; the company is sold.
    let second = event("second", "Ada Sample", "director", "Sample Works");
    let (second, _) = bring(&app, &here, &second, Missing::Keep).await;
    let new = texts("Ada Sample", "head, director", "Sample Works");
    assert_eq!(printed(&export(&app, second.id).await), new);
    let exported = export(&app, first.id).await;
    assert_eq!(printed(&exported), old);
    assert_eq!(exported.people[0].name, "Ada Sample");
    assert_eq!(exported.organizations[0].name.main_text(), "Sample Works");

    // Sending the first again, in whatever words, does not print it anew.
    for missing in [Missing::Keep, Missing::Remove] {
        let again = event("first", "Ada Third", "president", "Third Works");
        bring(&app, &here, &again, missing).await;
        assert_eq!(printed(&export(&app, first.id).await), old);
        assert_eq!(printed(&export(&app, second.id).await), new);
    }

    // Only who says so changes what is printed.
    let mut said = event("first", "Ada Third", "president", "Third Works");
    let name = || Some("Dr Ada Third".to_owned());
    said.roles[0].printed_name = Some("The Third Works".to_owned());
    said.appearances[0].printed_name = name();
    said.appearances[0].printed_posts = Some(Vec::new());
    said.appearances[1].printed_name = Some("The Third Works".to_owned());
    said.participants = exported.participants.clone();
    said.participants[0].printed_name = name();
    said.participants[0].printed_posts = Some(Vec::new());
    bring(&app, &here, &said, Missing::Keep).await;
    let said = texts("Dr Ada Third", "", "The Third Works");
    assert_eq!(printed(&export(&app, first.id).await), said);
}

/// What two events have in common.
fn sharing(key: &str, more: &str) -> EventDocument {
    document(&format!(
        "key: {key}\nlanguage: en\ntitle: Forum\ntime: {{ timeZone: UTC, startsOn: 2024-01-01 }}\n{more}"
    ))
}

async fn a_document_takes_nothing_from_another_event(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let first = "
venues:
  - { key: hall, name: Town Hall, rooms: [{ key: great, name: Great Hall }, { key: small, name: Small Hall }] }
venue: hall
room: small
series: { key: forums, title: Forums }
organizations:
  - { key: city, name: { en: City, de: Stadt }, aliases: [Town], goals: [one, two] }
  - key: alliance
    name: Alliance
    parent: city
    foundedHere: true
    level: municipal
    memberships:
      - { member: { person: ada }, post: chair, since: 2024-01-01 }
      - { member: { organization: city } }
people:
  - key: ada
    name: Ada Example
    transcription: Ada
    furtherNames: { zh-Hans: 艾达 }
    email: ada@example.org
    telephone: '+49300000'
    posts:
      - { title: head, organization: city, since: 2020-01-01 }
      - { title: member of the board }
  - { key: bo, name: Bo Sample }
roles:
  - { organization: city, role: HOST }
  - { organization: alliance, role: ATTENDING, delegation: { head: bo } }
appearances:
  - { role: CHAIR, person: ada }
";
    let (event, _) = bring(&app, &here, &sharing("first", first), Missing::Keep).await;
    let before = export(&app, event.id).await;

    // The second knows less of the same things, and some things more.
    let second = "
venues:
  - { key: hall, name: Town Hall }
organizations:
  - { key: city, name: City }
  - { key: alliance, name: Alliance, memberships: [{ member: { person: cy } }] }
people:
  - { key: ada, name: Ada Example }
  - { key: cy, name: Cy Third }
roles:
  - { organization: alliance, role: HOST }
";
    let second = sharing("second", second);
    for missing in [Missing::Keep, Missing::Remove, Missing::Keep] {
        let (_, changes) = bring(&app, &here, &second, missing).await;
        assert_eq!(changes.removed, 0);
    }
    // Nothing left of the second but its name.
    let bare = sharing("second", "");
    bring(&app, &here, &bare, Missing::Remove).await;

    let after = export(&app, event.id).await;
    assert_eq!(own(&after), own(&before));
    assert_eq!(after.venues, before.venues);
    let people = |document: &EventDocument| -> BTreeMap<Key, PersonEntry> {
        let people = document.people.iter();
        people.map(|one| (one.key.clone(), one.clone())).collect()
    };
    let (old, new) = (people(&before), people(&after));
    for (key, one) in &old {
        assert_eq!(new.get(key), Some(one));
    }
    for one in &before.organizations {
        let now = after.organizations.iter().find(|now| now.key == one.key);
        let mut now = now.expect("the organization").clone();
        if one.key.as_str() == "alliance" {
            // The second event's member came first in its own list, and joined the others.
            assert_eq!(now.memberships.len(), one.memberships.len() + 1);
            now.memberships
                .retain(|each| one.memberships.contains(each));
        }
        assert_eq!(now, *one);
    }
}

async fn a_letter_of_another_event_keeps_its_membership(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let parties = "
organizations:
  - key: board
    name: Board
    memberships:
      - { member: { person: ada }, post: chair LETTER }
people:
  - { key: ada, name: Ada }
roles:
  - { organization: board, role: HOST }
";
    let letter = "letters:\n  - { key: letter, appointee: ada, body: board, post: chair }\n";
    let with = parties.replace(" LETTER", ", letter: letter") + letter;
    let (event, _) = bring(&app, &here, &sharing("first", &with), Missing::Keep).await;
    let letters = |document: &EventDocument| -> Vec<Option<String>> {
        let memberships = document.organizations[0].memberships.iter();
        memberships
            .map(|one| one.letter.as_ref().map(Key::to_string))
            .collect()
    };
    assert_eq!(
        letters(&export(&app, event.id).await),
        [Some("letter".to_owned())]
    );

    let without = sharing("second", &parties.replace(" LETTER", ""));
    for missing in [Missing::Keep, Missing::Remove] {
        let (second, changes) = bring(&app, &here, &without, missing).await;
        assert_eq!((changes.updated, changes.removed), (0, 0));
        assert_eq!(letters(&export(&app, second.id).await), [None]);
        assert_eq!(
            letters(&export(&app, event.id).await),
            [Some("letter".to_owned())]
        );
    }

    // The letter goes with its event's wish; the member stays.
    let bare = sharing("first", &parties.replace(" LETTER", ""));
    let (_, changes) = bring(&app, &here, &bare, Missing::Remove).await;
    assert_eq!(changes.removed, 1);
    assert_eq!(letters(&export(&app, event.id).await), [None]);
}

async fn two_venues_may_have_rooms_of_one_key(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let north =
        "venues:\n  - { key: north, name: North, rooms: [{ key: '101', name: North 101 }] }\n";
    let first = format!("{north}venue: north\nroom: '101'\n");
    let (first, _) = bring(&app, &here, &sharing("first", &first), Missing::Keep).await;
    let before = export(&app, first.id).await;

    // Another event speaks of the first venue as well, but means the room of a second.
    let both = "
venues:
  - { key: north, name: North }
  - { key: south, name: South, rooms: [{ key: '101', name: South 101 }] }
venue: south
room: '101'
";
    for missing in [Missing::Keep, Missing::Remove] {
        let (event, _) = bring(&app, &here, &sharing("second", both), missing).await;
        let room = event.room_id.expect("a room");
        let rooms = app.store.rooms(&STAGEHAND, &[room]).await.expect("rooms");
        assert_eq!(rooms[0].name, "South 101");
        let exported = export(&app, event.id).await;
        let (_, changes) = bring(&app, &here, &exported, missing).await;
        assert!(nothing_changed(changes), "{changes:?}");
    }
    assert_same(&export(&app, first.id).await, &before);
}

async fn a_delegate_may_rise_and_change_sides(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let event = |works: &str, city: &str| {
        sharing(
            "forum",
            &format!(
                "
organizations:
  - {{ key: works, name: Works }}
  - {{ key: city, name: City }}
people:
  - {{ key: ada, name: Ada }}
  - {{ key: bo, name: Bo }}
roles:
  - {{ organization: works, role: ATTENDING, delegation: {{ {works} }} }}
  - {{ organization: city, role: ATTENDING, delegation: {{ {city} }} }}
"
            ),
        )
    };
    let delegations = |document: &EventDocument| {
        let roles = document.roles.iter();
        let delegations = roles.filter_map(|role| role.delegation.as_ref());
        let told = delegations.map(|one| {
            let head = one.head.as_ref().map_or("-", Key::as_str);
            let others: Vec<_> = one.delegates.iter().map(Key::as_str).collect();
            format!("{head}: {}", others.join(" "))
        });
        told.collect::<Vec<_>>()
    };
    let first = event("head: ada, delegates: [bo]", "quota: 2");
    let (first, _) = bring(&app, &here, &first, Missing::Keep).await;
    assert_eq!(
        delegations(&export(&app, first.id).await),
        ["ada: bo", "-: "]
    );
    let participants = app.database.contents().await["participant"].len();

    // Nothing is said of where they were before.
    for (works, city, expected) in [
        ("head: bo", "quota: 2", ["bo: ", "-: "]),
        ("quota: 1", "head: ada", ["bo: ", "ada: "]),
        ("quota: 1", "delegates: [bo]", ["-: ", "ada: bo"]),
    ] {
        bring(&app, &here, &event(works, city), Missing::Keep).await;
        assert_eq!(delegations(&export(&app, first.id).await), expected);
    }
    let contents = app.database.contents().await;
    assert_eq!(contents["participant"].len(), participants);
}

async fn an_event_may_have_a_thousand_people(backend: Backend) {
    const PEOPLE: usize = 1_000;
    const ITEMS: usize = 900;
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let mut large = agenda("day\n  talk");
    let day = large.agenda[0].clone();
    let talk = day.items[0].clone();
    let key = |noun: &str, number: usize| format!("{noun}-{number}").parse::<Key>().expect("a key");
    let ada = large.people.pop().expect("Ada");
    large.people = (0..PEOPLE)
        .map(|number| PersonEntry {
            key: key("person", number),
            name: format!("Person {number}"),
            ..ada.clone()
        })
        .collect();
    // Thirty blocks of thirty, the block among them.
    large.agenda = (0..ITEMS / 30)
        .map(|block| ItemEntry {
            key: key("block", block),
            items: (1..30)
                .map(|number| ItemEntry {
                    key: key("talk", block * 30 + number),
                    appearances: vec![AppearanceEntry {
                        role: domain::appearance::AppearanceRole::ALL[number % 11],
                        who: AppearingKey::Person(key("person", (block * 30 + number) % PEOPLE)),
                        on_behalf_of: None,
                        printed_name: None,
                        printed_posts: None,
                    }],
                    ..talk.clone()
                })
                .collect(),
            ..day.clone()
        })
        .collect();
    large.participants = (0..PEOPLE)
        .rev()
        .map(|number| domain::event_document::ParticipantEntry {
            person: key("person", number),
            category: None,
            status: None,
            representing: None,
            on_behalf_of: None,
            printed_name: None,
            printed_posts: None,
            availability: Vec::new(),
        })
        .collect();

    let appearing = ITEMS - ITEMS / 30;
    let everything = u32::try_from(1 + PEOPLE + PEOPLE + ITEMS + appearing).expect("a number");
    let before = app.store.statements();
    let (event, changes) = bring(&app, &here, &large, Missing::Keep).await;
    assert_eq!(
        changes,
        ImportChanges {
            created: everything,
            ..ImportChanges::default()
        }
    );
    // Many rows a statement: far fewer statements than things.
    let statements = app.store.statements() - before;
    assert!(statements < 100, "{statements}");
    let exported = export(&app, event.id).await;
    assert_eq!(own(&exported), own(&settled(large.clone(), None)));
    assert_eq!(exported.people.len(), PEOPLE);

    let before = app.store.statements();
    let (_, changes) = bring(&app, &here, &exported, Missing::Remove).await;
    assert_eq!(
        changes,
        ImportChanges {
            unchanged: everything,
            ..ImportChanges::default()
        }
    );
    let statements = app.store.statements() - before;
    assert!(statements < 100, "{statements}");

    let mut less = exported;
    less.agenda.truncate(1);
    let (_, changes) = bring(&app, &here, &less, Missing::Remove).await;
    let gone = u32::try_from(2 * (ITEMS - 30) - (ITEMS / 30 - 1)).expect("a number");
    assert_eq!((changes.created, changes.removed), (0, gone));
    assert_eq!(export(&app, event.id).await.agenda, less.agenda);
}
