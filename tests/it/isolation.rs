//! Whatever is stored and whatever is asked: no answer holds anything of another office, and none
//! for the public holds what is not public.

use std::collections::{BTreeMap, BTreeSet};

use domain::LocalizedText;
use domain::event::EventVisibility;
use domain::event_document::{
    AppearanceEntry, AwardEntry, EventDocument, ItemEntry, ReleaseEntry, ResolutionEntry,
};
use interchange::event_document::arbitrary;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use tests::{Backend, Client, Sdl, TestApp, both};

use crate::reach::{every_member, everything, everything_in_parts, nodes_operation, reachable};

both!(no_answer_holds_a_row_of_a_foreign_workspace);

/// How many rounds, each on a database of its own. Always the same ones, so that what fails once
/// fails again.
const ROUNDS: u8 = 3;

async fn no_answer_holds_a_row_of_a_foreign_workspace(backend: Backend) {
    for round in 0..ROUNDS {
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            TestRng::from_seed(RngAlgorithm::ChaCha, &[round + 1; 32]),
        );
        let mut documents = Vec::new();
        while documents.len() < 3 {
            let one = arbitrary::event_document()
                .new_tree(&mut runner)
                .expect("a document")
                .current();
            // People and organizations of one key are one and the same; here nothing is to belong
            // to an event that is public and to one that is not.
            if documents.iter().all(|other| are_strangers(&one, other)) {
                documents.push(one);
            }
        }
        Box::pin(holds(backend, round, documents)).await;
    }
}

async fn holds(backend: Backend, round: u8, documents: Vec<EventDocument>) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let (ours, theirs) = (
        Box::pin(Office::open(&app, "ours", &documents)).await,
        Box::pin(Office::open(&app, "theirs", &documents)).await,
    );
    let us = app.as_owner(&ours.workspace).await;
    let them = app.as_owner(&theirs.workspace).await;
    let our_nodes = reachable(&us, &sdl, &ours.events).await;
    let their_nodes = reachable(&them, &sdl, &theirs.events).await;
    let our_ids: BTreeSet<&String> = our_nodes.values().flatten().collect();
    let their_ids: BTreeSet<&String> = their_nodes.values().flatten().collect();
    assert!(our_ids.is_disjoint(&their_ids));
    assert!(our_ids.len() > 20, "round {round}: {}", our_ids.len());

    // Who holds a token sees all of the one office and nothing of the other.
    for client in [&us, &app.as_viewer(&ours.workspace).await] {
        let told = tell_all(client, &sdl, &our_nodes, &their_nodes, &theirs).await;
        assert!(
            told.contains("ours-shut") && told.contains("ours-open"),
            "round {round}"
        );
        let leaked: Vec<_> = ids_in(&told)
            .into_iter()
            .filter(|id| their_ids.contains(id))
            .collect();
        assert!(leaked.is_empty(), "round {round}: {leaked:?}");
        let leaked = said_about(&told, "theirs-");
        assert!(leaked.is_empty(), "round {round}: {leaked:?}");
    }
    // The public sees what is public of both, and how to reach nobody.
    let told = tell_all(&app.anonymous(), &sdl, &our_nodes, &their_nodes, &theirs).await;
    assert!(
        told.contains("ours-open") && told.contains("theirs-open"),
        "round {round}"
    );
    for hidden in ["ours-shut", "theirs-shut", "@reach.example", "+86 10 5550"] {
        let leaked = said_about(&told, hidden);
        assert!(leaked.is_empty(), "round {round}: {leaked:?}");
    }
}

/// An office with an event for everybody, one that is a draft, and one for the house; each text of
/// theirs says whose it is, and whether everybody may read it.
struct Office {
    workspace: domain::workspace::Workspace,
    events: Vec<String>,
    slugs: Vec<String>,
}

impl Office {
    async fn open(app: &TestApp, name: &str, documents: &[EventDocument]) -> Self {
        let workspace = app.workspace(name).await;
        let (mut events, mut slugs) = (Vec::new(), Vec::new());
        let everything = every_member("everything");
        let all = [
            (&documents[0], EventVisibility::Public, true, "open"),
            (&documents[1], EventVisibility::Public, false, "shut"),
            (&documents[2], EventVisibility::Workspace, true, "shut"),
            // In one office this one is public, in the other it is not.
            (
                &everything,
                EventVisibility::Public,
                name == "theirs",
                if name == "theirs" { "open" } else { "shut" },
            ),
        ];
        for (place, (document, visibility, published, marker)) in all.into_iter().enumerate() {
            let mut document = document.clone();
            document.status = None;
            document.cancellation_reason = None;
            document.parent = None;
            document.visibility = Some(visibility);
            mark(&mut document, &format!("{name}-{marker}"));
            document.key = format!("{name}-{marker}-{place}").parse().expect("a slug");
            slugs.push(document.key.to_string());
            let (event, _) = app.import_document(&workspace, document).await;
            if published {
                app.publish(event.id).await;
                app.invite_everybody(event.id).await;
            }
            // The last has everything, and so somebody who writes.
            if place == 3 {
                app.hear_from_somebody_at(event.id).await;
            }
            events.push(event.id.to_string());
        }
        app.suppress(&workspace, &format!("{name}-shut@reach.example"))
            .await;
        app.word_mails(&workspace, &format!("{name}-words")).await;
        Self {
            workspace,
            events,
            slugs,
        }
    }
}

/// All that a client is told, whatever it asks for: of both offices' nodes, of every list, and of
/// every list restricted by what is theirs.
async fn tell_all(
    client: &Client<'_>,
    sdl: &Sdl,
    ours: &BTreeMap<String, Vec<String>>,
    theirs: &BTreeMap<String, Vec<String>>,
    them: &Office,
) -> String {
    let mut told = String::new();
    let mut ask = async |operation: String, variables: Value| {
        let answer = client.ask(&operation, variables).await;
        answer.expect_data();
        told += &answer.text;
        answer.body["data"].clone()
    };
    for nodes in [ours, theirs] {
        for (name, ids) in nodes {
            for part in everything_in_parts(sdl, name, 1) {
                let operation = nodes_operation(name, &part);
                for ids in ids.chunks(100) {
                    ask(operation.clone(), json!({ "ids": ids })).await;
                }
            }
        }
    }
    for (root, name) in [
        ("events", "Event"),
        ("people", "Person"),
        ("organizations", "Organization"),
    ] {
        for part in everything_in_parts(sdl, name, 1) {
            let operation = format!(
                "{{ {root}(first: 100) {{ totalCount edges {{ cursor }} nodes {{ {part} }} }} }}"
            );
            ask(operation, json!({})).await;
        }
    }
    let first = |name: &str| {
        theirs
            .get(name)
            .and_then(|ids| ids.first())
            .cloned()
            .unwrap_or_default()
    };
    let mut filters = vec![
        (
            "events",
            "Event",
            json!({ "workspaceId": them.workspace.id.to_string() }),
        ),
        ("events", "Event", json!({ "search": "theirs" })),
        (
            "events",
            "Event",
            json!({ "not": { "search": "nothing-like-that" } }),
        ),
        (
            "events",
            "Event",
            json!({ "or": [{ "workspaceId": them.workspace.id.to_string() }, {}] }),
        ),
        ("people", "Person", json!({ "search": "theirs" })),
        (
            "organizations",
            "Organization",
            json!({ "search": "theirs" }),
        ),
        (
            "people",
            "Person",
            json!({ "organizationId": first("Organization") }),
        ),
        (
            "organizations",
            "Organization",
            json!({ "parentId": first("Organization") }),
        ),
    ];
    for event in &them.events {
        filters.push(("people", "Person", json!({ "eventId": event })));
        filters.push(("events", "Event", json!({ "parentId": event })));
    }
    if let Some(series) = theirs.get("Series").and_then(|ids| ids.first()) {
        filters.push(("events", "Event", json!({ "seriesId": series })));
    }
    for (root, name, filter) in filters {
        let operation = format!(
            "query($filter: {name}Filter) {{ {root}(filter: $filter) {{ totalCount nodes {{ id __typename }} edges {{ node {{ {} }} }} }} }}",
            everything(sdl, name, 0)
        );
        let data = ask(operation, json!({ "filter": filter })).await;
        // A count is an answer too.
        let counted = data[root]["totalCount"].as_u64().expect("a count");
        let given = data[root]["nodes"].as_array().map_or(0, Vec::len);
        assert_eq!(counted, given as u64, "{root} {filter}");
    }
    for slug in &them.slugs {
        ask(
            format!("query($slug: String!) {{ plain: event(slug: $slug) {{ {0} }} within: event(slug: $slug, workspace: \"theirs\") {{ id }} }}", everything(sdl, "Event", 0)),
            json!({ "slug": slug }),
        )
        .await;
    }
    ask(
        "{ workspace(slug: \"theirs\") { id slug } viewer { account { id } workspaces { id } } }"
            .to_owned(),
        json!({}),
    )
    .await;
    told
}

/// Everything in a text that looks like an id.
fn ids_in(text: &str) -> Vec<String> {
    let words =
        text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let is_id = |word: &&str| word.len() == 36 && word.as_bytes()[3] == b'_';
    words.filter(is_id).map(str::to_owned).collect()
}

/// Where a text says what it must not, with what stands around it.
fn said_about(text: &str, hidden: &str) -> Vec<String> {
    let around = |(at, _): (usize, &str)| {
        let before: String = text[..at].chars().rev().take(80).collect();
        let after: String = text[at..].chars().take(40).collect();
        format!("{}{after}", before.chars().rev().collect::<String>())
    };
    text.match_indices(hidden).take(5).map(around).collect()
}

/// Whether nobody and nothing is in both of them.
fn are_strangers(one: &EventDocument, other: &EventDocument) -> bool {
    let keys = |document: &EventDocument| -> BTreeSet<String> {
        let people = document.people.iter().map(|one| format!("per {}", one.key));
        let organizations = document
            .organizations
            .iter()
            .map(|one| format!("org {}", one.key));
        let venues = document.venues.iter().map(|one| format!("ven {}", one.key));
        let series = document.series.iter().map(|one| format!("srs {}", one.key));
        people
            .chain(organizations)
            .chain(venues)
            .chain(series)
            .collect()
    };
    keys(one).is_disjoint(&keys(other))
}

/// Writes into every text of a document whose it is.
fn mark(document: &mut EventDocument, marker: &str) {
    let line = |text: &mut String| {
        *text = format!("{marker} {}", text.chars().take(900).collect::<String>());
    };
    let maybe = |text: &mut Option<String>| text.iter_mut().for_each(line);
    let local = |text: &mut LocalizedText| {
        let texts = text.texts().iter();
        let texts = texts.map(|(tag, text)| {
            let mut text = text.clone();
            line(&mut text);
            (tag.clone(), text)
        });
        *text = LocalizedText::new(text.main_language().clone(), texts.collect()).expect("a text");
    };
    local(&mut document.title);
    document.alternative_titles.iter_mut().for_each(line);
    document.theme.iter_mut().for_each(local);
    document.topics.iter_mut().for_each(line);
    maybe(&mut document.locality);
    document
        .series
        .iter_mut()
        .for_each(|one| local(&mut one.title));
    for venue in &mut document.venues {
        line(&mut venue.name);
        maybe(&mut venue.address);
        for room in &mut venue.rooms {
            line(&mut room.name);
            maybe(&mut room.floor);
            maybe(&mut room.accessibility);
        }
    }
    for organization in &mut document.organizations {
        local(&mut organization.name);
        organization.aliases.iter_mut().for_each(line);
        maybe(&mut organization.level);
        organization.goals.iter_mut().for_each(line);
        organization
            .memberships
            .iter_mut()
            .for_each(|one| maybe(&mut one.post));
    }
    for (place, person) in document.people.iter_mut().enumerate() {
        line(&mut person.name);
        maybe(&mut person.transcription);
        person.further_names.values_mut().for_each(line);
        person.email = Some(format!("{marker}-{place}@reach.example"));
        person.telephone = Some(format!("+86 10 5550{place:04}"));
        person.posts.iter_mut().for_each(|one| line(&mut one.title));
    }
    for role in &mut document.roles {
        maybe(&mut role.printed_name);
    }
    document
        .groups
        .iter_mut()
        .for_each(|one| line(&mut one.description));
    for one in &mut document.participants {
        maybe(&mut one.printed_name);
        one.printed_posts.iter_mut().flatten().for_each(line);
    }
    let appearances = |all: &mut Vec<AppearanceEntry>| {
        for one in all {
            maybe(&mut one.printed_name);
            one.printed_posts.iter_mut().flatten().for_each(line);
        }
    };
    let releases = |all: &mut Vec<ReleaseEntry>| {
        for one in all {
            local(&mut one.title);
            maybe(&mut one.kind);
        }
    };
    let awards = |all: &mut Vec<AwardEntry>| {
        for one in all {
            local(&mut one.title);
            maybe(&mut one.level);
            one.citation.iter_mut().for_each(local);
        }
    };
    let resolutions =
        |all: &mut Vec<ResolutionEntry>| all.iter_mut().for_each(|one| line(&mut one.text));
    appearances(&mut document.appearances);
    releases(&mut document.releases);
    awards(&mut document.awards);
    resolutions(&mut document.resolutions);
    document
        .tracks
        .iter_mut()
        .for_each(|one| line(&mut one.name));
    let mut items: Vec<&mut ItemEntry> = document.agenda.iter_mut().collect();
    while let Some(item) = items.pop() {
        item.title.iter_mut().for_each(local);
        item.subtitle.iter_mut().for_each(local);
        item.summary.iter_mut().for_each(local);
        for link in item.links.iter_mut().chain(&mut item.attachments) {
            maybe(&mut link.title);
            maybe(&mut link.kind);
        }
        appearances(&mut item.appearances);
        releases(&mut item.releases);
        awards(&mut item.awards);
        resolutions(&mut item.resolutions);
        items.extend(item.items.iter_mut());
    }
    for letter in &mut document.letters {
        line(&mut letter.post);
        maybe(&mut letter.signatory);
        maybe(&mut letter.number);
    }
    for item in &mut document.action_items {
        line(&mut item.description);
        maybe(&mut item.progress);
    }
    for report in &mut document.reports {
        maybe(&mut report.title);
        line(&mut report.publisher);
        report
            .credits
            .iter_mut()
            .for_each(|one| line(&mut one.name));
        report
            .key_figures
            .iter_mut()
            .for_each(|one| line(&mut one.label));
        report.documents_cited.iter_mut().for_each(line);
    }
}
