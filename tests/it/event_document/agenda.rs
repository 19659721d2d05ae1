//! Agendas sent again: what is moved stays itself, and only what changed has another version.

use super::*;

both!(a_moved_item_stays_itself, versions_rise_with_what_changed,);

/// An agenda, outlined by a key a line, two spaces a level.
pub(super) fn agenda(outline: &str) -> EventDocument {
    let mut text = "key: forum\nlanguage: en\ntitle: Forum\ntime: { timeZone: UTC, startsOn: 2024-01-01 }\npeople:\n  - { key: ada, name: Ada }\n".to_owned();
    let mut depth_before = None;
    for line in outline.lines().filter(|line| !line.trim().is_empty()) {
        let depth = (line.len() - line.trim_start().len()) / 2;
        if depth_before.is_none_or(|before| depth > before) {
            let list = if depth == 0 { "agenda:" } else { "items:" };
            text.push_str(&"    ".repeat(depth));
            text.push_str(list);
            text.push('\n');
        }
        let indent = "    ".repeat(depth);
        let key = line.trim();
        for part in [&indent, "  - key: ", key, "\n", &indent, "    kind: TALK\n"] {
            text.push_str(part);
        }
        depth_before = Some(depth);
    }
    document(&text)
}

/// Every item with its parent, in order, each before its children.
async fn outline(app: &TestApp, event: EventId) -> Vec<(String, Option<String>, AgendaItemId)> {
    let agendas = app.store.agendas(&STAGEHAND, &[event]).await;
    let agendas = agendas.expect("an agenda");
    let agenda = agendas.first().expect("an agenda");
    let key = |id: AgendaItemId| {
        let item = agenda.item(id).expect("an item");
        item.external_id.clone().expect("a key").to_string()
    };
    let items = agenda.items().iter();
    items
        .map(|item| (key(item.id), item.parent_id.map(key), item.id))
        .collect()
}

async fn a_moved_item_stays_itself(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let mut before = agenda("morning\n  talk\n    question\n    answer\n  tea\nafternoon\n  tour");
    before.agenda[0].items[0].appearances = vec![AppearanceEntry {
        role: domain::appearance::AppearanceRole::Speaker,
        who: AppearingKey::Person("ada".parse().expect("a key")),
        on_behalf_of: None,
        printed_name: Some("Dr Ada".to_owned()),
        printed_posts: None,
    }];
    let (event, _) = bring(&app, &here, &before, Missing::Keep).await;
    let ids: BTreeMap<_, _> = outline(&app, event.id)
        .await
        .into_iter()
        .map(|(key, _, id)| (key, id))
        .collect();
    let appearances = app
        .store
        .appearances(&STAGEHAND, Of::Events(vec![event.id]));
    let appearance = appearances.await.expect("appearances")[0].clone();

    // The talk moves to the afternoon; nothing is said of what hangs on it.
    let moved = agenda("afternoon\n  talk\n  tour\nmorning");
    let (_, changes) = bring(&app, &here, &moved, Missing::Keep).await;
    assert_eq!((changes.created, changes.removed), (0, 0));
    let after = outline(&app, event.id).await;
    let shape: Vec<_> = after
        .iter()
        .map(|(key, parent, _)| (key.as_str(), parent.as_deref()))
        .collect();
    assert_eq!(
        shape,
        [
            ("afternoon", None),
            ("talk", Some("afternoon")),
            ("question", Some("talk")),
            ("answer", Some("talk")),
            ("tour", Some("afternoon")),
            ("morning", None),
            ("tea", Some("morning")),
        ]
    );
    for (key, _, id) in &after {
        assert_eq!(ids.get(key), Some(id), "{key}");
    }
    let appearances = app
        .store
        .appearances(&STAGEHAND, Of::Events(vec![event.id]));
    assert_eq!(
        appearances.await.expect("appearances"),
        std::slice::from_ref(&appearance)
    );

    // A child that is sent alone under another parent leaves the rest where it was.
    let moved = agenda("morning\n  answer");
    bring(&app, &here, &moved, Missing::Keep).await;
    let after = outline(&app, event.id).await;
    let answer = after.iter().find(|(key, ..)| key == "answer").expect("it");
    assert_eq!(
        (answer.1.as_deref(), answer.2),
        (Some("morning"), ids["answer"])
    );
    assert_eq!(after.len(), ids.len());

    // With the rest removed, what is left is still itself, whatever it hung on.
    let left = agenda("question\ntour");
    let (_, changes) = bring(&app, &here, &left, Missing::Remove).await;
    // Five items, the speaker's appearance, and with it the speaker.
    assert_eq!((changes.created, changes.removed), (0, 7));
    let after = outline(&app, event.id).await;
    let expected = [("question", ids["question"]), ("tour", ids["tour"])];
    let after: Vec<_> = after
        .iter()
        .map(|(key, _, id)| (key.as_str(), *id))
        .collect();
    assert_eq!(after, expected);
}

async fn versions_rise_with_what_changed(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let mut sent = agenda("morning\n  talk\nafternoon");
    let (event, _) = bring(&app, &here, &sent, Missing::Keep).await;
    let mut last = (event.version, event.agenda_revision);
    assert_eq!(last, (1, 1));
    let versions = |event: &Event| (event.version, event.agenda_revision);
    let step = |document: EventDocument| {
        let (app, here) = (&app, &here);
        async move { versions(&bring(app, here, &document, Missing::Keep).await.0) }
    };

    assert_eq!(step(sent.clone()).await, last, "nothing changed");
    sent.topics = vec!["workshops".to_owned()];
    last = (last.0 + 1, last.1);
    assert_eq!(step(sent.clone()).await, last, "the event changed");

    // What is neither the event's nor the agenda's.
    sent.people[0].telephone = Some("+49300000".to_owned());
    sent.organizations = document(HELD).organizations;
    sent.roles.clone_from(&document(
        "key: forum\nlanguage: en\ntitle: Forum\ntime: { timeZone: UTC, startsOn: 2024-01-01 }\norganizations: [{ key: works, name: W }]\nroles: [{ organization: works, role: HOST }]",
    ).roles);
    sent.resolutions
        .clone_from(&document(&example("every-field")).resolutions);
    assert_eq!(step(sent.clone()).await, last, "something else changed");

    // Every part of the agenda, one at a time: the revision rises by one.
    let every_field = document(&example("every-field"));
    let changes: [&dyn Fn(&mut EventDocument); 9] = [
        &|sent| sent.agenda[0].kind = domain::agenda::AgendaItemKind::Panel,
        &|sent| sent.agenda.swap(0, 1),
        &|sent| {
            let talk = sent.agenda[1].items.pop().expect("the talk");
            sent.agenda[0].items.push(talk);
        },
        &|sent| sent.tracks.clone_from(&every_field.tracks),
        &|sent| sent.agenda[0].track = Some(sent.tracks[0].key.clone()),
        &|sent| {
            sent.appearances.push(AppearanceEntry {
                role: domain::appearance::AppearanceRole::Chair,
                who: AppearingKey::Person(sent.people[0].key.clone()),
                on_behalf_of: None,
                printed_name: None,
                printed_posts: None,
            });
        },
        &|sent| sent.agenda[1].releases.clone_from(&every_field.releases),
        &|sent| sent.agenda[1].awards.clone_from(&every_field.awards),
        &|sent| sent.agenda[1].awards[0].grantors = vec!["works".parse().expect("a key")],
    ];
    for (number, change) in changes.iter().enumerate() {
        change(&mut sent);
        let (_, revision) = step(sent.clone()).await;
        assert_eq!(revision, last.1 + 1, "change {number}");
        let again = step(sent.clone()).await;
        assert_eq!(again.1, revision, "change {number}, sent again");
        last = again;
    }
}
