//! `scheduleImport` and `convoke import` of a schedule: what conferences publish becomes an event.

use domain::Word as _;
use domain::access::{Permission, Role};
use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, TestDatabase, both, published_schedule};

use crate::process::Place;

both!(
    a_schedule_becomes_an_event_and_stays_it,
    what_is_odd_is_told_and_imported,
    what_cannot_be_imported_leaves_no_trace,
    nobody_imports_a_schedule_who_may_not,
    a_rehearsal_of_a_schedule_changes_nothing,
    what_a_schedule_no_longer_holds_goes_when_told_to,
    nights_and_clocks_that_change_are_kept_right,
    an_item_that_was_there_before_has_no_links,
    the_program_imports_a_schedule,
    a_published_schedule_comes_in_whole
);

/// A camp of two days in two halls, with invented people.
const CAMP: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference>
    <title>Camp 2024</title><acronym>camp-2024</acronym><subtitle>Tents and talks</subtitle>
    <start>2024-12-27</start><end>2024-12-28</end><day_change>06:00</day_change>
    <time_zone_name>Europe/Berlin</time_zone_name>
    <venue>Great Meadow</venue><city>Riverside</city>
    <track name="Making" color="#00ff00"/>
  </conference>
  <day index="1" date="2024-12-27" start="2024-12-27T10:00:00+01:00" end="2024-12-28T04:00:00+01:00">
    <room name="Tent" guid="3f0f0f0c-0000-4000-8000-000000000001" capacity="100">
      <event guid="3f0f0f0c-0000-4000-8000-00000000000a" id="10">
        <date>2024-12-27T11:00:00+01:00</date><start>11:00</start><duration>01:00</duration>
        <room>Tent</room><title>Opening</title><type>keynote</type><language>en</language>
        <persons><person id="1">Ada Example</person></persons>
      </event>
      <event guid="3f0f0f0c-0000-4000-8000-00000000000b" id="11">
        <title>Zelte nähen</title><subtitle>Für alle</subtitle><language>de</language>
        <date>2024-12-28T00:30:00+01:00</date><start>00:30</start><duration>01:00</duration>
        <room>Tent</room><type>workshop</type><track>Making</track>
        <url>https://example.org/11</url>
        <abstract>&lt;p&gt;Nadel &amp;amp; Faden.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Stoff&lt;/li&gt;&lt;/ul&gt;</abstract>
        <persons><person id="2">Bob Example</person><person id="1">Ada Example</person></persons>
        <links><link href="https://example.org/needle">Needles</link></links>
        <attachments><attachment type="slides" href="https://example.org/11.pdf">Slides</attachment></attachments>
      </event>
    </room>
    <room name="Attic"></room>
  </day>
  <day index="2" date="2024-12-28">
    <room name="Attic">
      <event id="12">
        <date>2024-12-28T12:00:00+01:00</date><start>12:00</start><duration>00:45</duration>
        <room>Attic</room><title>Ropes</title><type>lecture</type><language>en</language>
        <persons><person id="3">Eve Example</person></persons>
      </event>
    </room>
  </day>
</schedule>
"##;

const IMPORT: &str = "mutation ScheduleImport($input: ScheduleImportInput!) {
    scheduleImport(input: $input) {
        event { id version slug title } changes { created updated removed unchanged }
        oddities { code message place event times } oddityCounts { code count }
        userErrors { __typename code message path }
    }
}";

async fn send(client: &Client<'_>, workspace: &Workspace, document: &str, more: Value) -> Value {
    let answer = client.ask(IMPORT, input(workspace, document, more)).await;
    answer.expect_data()["scheduleImport"].clone()
}

fn input(workspace: &Workspace, document: &str, more: Value) -> Value {
    let mut input = json!({
        "workspaceId": workspace.id.to_string(),
        "format": "SCHEDULE_XML",
        "document": document,
    });
    let members = input.as_object_mut().expect("an object");
    let Value::Object(more) = more else {
        panic!("{more} is no object")
    };
    members.extend(more);
    json!({ "input": input })
}

async fn a_schedule_becomes_an_event_and_stays_it(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let first = send(&organiser, &workspace, CAMP, json!({})).await;
    assert_eq!(first["userErrors"], json!([]));
    assert_eq!(first["event"]["slug"], "camp-2024");
    // The event, a venue, two rooms, a track; three people, who take part; three items, four
    // appearances.
    assert_eq!(
        first["changes"],
        json!({ "created": 1 + 1 + 2 + 1 + 3 + 3 + 3 + 4, "updated": 0, "removed": 0, "unchanged": 0 })
    );
    assert_eq!(
        first["oddityCounts"],
        json!([{ "code": "HTML_MADE_PLAIN", "count": 1 }])
    );

    let operation = "{ event(slug: \"camp-2024\") {
        kind theme locality time { timeZone startsOn endsOn startsAt }
        venue { name rooms { name capacity externalId } }
        participants { nodes { person { name } } }
        draftAgenda { items {
            externalId kind title subtitle abstract language startsAt endsAt startsAtLocal url
            room { name } track { name color }
            appearances { role printedName }
            links { url title kind } attachments { url title kind }
        } }
    } }";
    let answer = organiser.query(operation).await;
    let event = &answer.expect_data()["event"];
    assert_eq!(event["kind"], "CONFERENCE");
    assert_eq!(event["theme"], "Tents and talks");
    assert_eq!(event["locality"], "Riverside");
    assert_eq!(
        event["time"],
        json!({ "timeZone": "Europe/Berlin", "startsOn": "2024-12-27", "endsOn": "2024-12-28", "startsAt": null })
    );
    assert_eq!(
        event["venue"],
        json!({ "name": "Great Meadow", "rooms": [
            { "name": "Tent", "capacity": 100, "externalId": "3f0f0f0c-0000-4000-8000-000000000001" },
            { "name": "Attic", "capacity": null, "externalId": "attic" },
        ] })
    );
    let participants = event["participants"]["nodes"].as_array().expect("a list");
    assert_eq!(participants.len(), 3, "who speaks takes part");
    let items = event["draftAgenda"]["items"].as_array().expect("items");
    let titles: Vec<_> = items
        .iter()
        .map(|item| item["title"].as_str().expect("a title"))
        .collect();
    assert_eq!(titles, ["Opening", "Zelte nähen", "Ropes"]);
    assert_eq!(
        items[0]["appearances"],
        json!([{ "role": "KEYNOTE_SPEAKER", "printedName": "Ada Example" }])
    );
    assert_eq!(
        items[1],
        json!({
            "externalId": "3f0f0f0c-0000-4000-8000-00000000000b",
            "kind": "WORKSHOP",
            "title": "Zelte nähen",
            "subtitle": "Für alle",
            "abstract": "Nadel & Faden.\n\n- Stoff",
            "language": "de",
            "startsAt": "2024-12-27T23:30:00Z",
            "endsAt": "2024-12-28T00:30:00Z",
            "startsAtLocal": "2024-12-28T00:30:00",
            "url": "https://example.org/11",
            "room": { "name": "Tent" },
            "track": { "name": "Making", "color": "#00ff00" },
            "appearances": [
                { "role": "SPEAKER", "printedName": "Bob Example" },
                { "role": "SPEAKER", "printedName": "Ada Example" },
            ],
            "links": [{ "url": "https://example.org/needle", "title": "Needles", "kind": null }],
            "attachments": [
                { "url": "https://example.org/11.pdf", "title": "Slides", "kind": "slides" }
            ],
        })
    );
    assert_eq!(items[2]["externalId"], "12");

    // Sent again, nothing changes: not an id, not a version.
    let before = app.database.contents().await;
    let again = send(&organiser, &workspace, CAMP, json!({})).await;
    assert_eq!(again["event"], first["event"]);
    let changes = json!({ "created": 0, "updated": 0, "removed": 0, "unchanged": 18 });
    assert_eq!(again["changes"], changes);
    assert!(
        before == app.database.contents().await,
        "sent again it leaves a trace"
    );

    // Moved and renamed, it is the same item, and its speaker the same person.
    let ids = "{ event(slug: \"camp-2024\") { draftAgenda { items { id appearances { id person { id name } printedName } } } } }";
    let old = organiser.query(ids).await.expect_data()["event"]["draftAgenda"]["items"][2].clone();
    let moved = CAMP
        .replace("2024-12-28T12:00", "2024-12-27T10:00")
        .replace("<start>12:00", "<start>10:00")
        .replace("Eve Example", "Evelyn Example");
    let answer = send(&organiser, &workspace, &moved, json!({})).await;
    assert_eq!(answer["changes"]["created"], 0);
    let new = organiser.query(ids).await.expect_data()["event"]["draftAgenda"]["items"][0].clone();
    assert_eq!(new["id"], old["id"]);
    assert_eq!(
        new["appearances"][0]["person"]["id"],
        old["appearances"][0]["person"]["id"]
    );
    assert_eq!(new["appearances"][0]["printedName"], "Evelyn Example");

    // With another slug it is another event.
    let other = send(
        &organiser,
        &workspace,
        CAMP,
        json!({ "slug": "camp-copy", "timeZone": "UTC" }),
    )
    .await;
    assert_eq!(other["event"]["slug"], "camp-copy");
    assert_ne!(other["event"]["id"], first["event"]["id"]);
}

async fn what_is_odd_is_told_and_imported(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let odd = CAMP
        .replace("<time_zone_name>Europe/Berlin</time_zone_name>", "")
        .replace("<duration>00:45</duration>", "")
        .replace("2024-12-28T00:30:00+01:00", "2024-12-27T11:30:00+01:00")
        .replace("<start>00:30", "<start>11:30")
        .replace("https://example.org/needle", "needle:")
        .replace(
            "<type>lecture</type>",
            "<type>juggling</type><colour>red</colour>",
        );
    let answer = send(&organiser, &workspace, &odd, json!({})).await;
    assert_eq!(answer["userErrors"], json!([]));
    let oddities = answer["oddities"].as_array().expect("oddities").clone();
    let mut codes: Vec<_> = oddities
        .iter()
        .map(|one| one["code"].as_str().expect("a code"))
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "DURATION_MISSING",
            "HTML_MADE_PLAIN",
            "PART_UNKNOWN",
            "PERSON_IN_TWO_PLACES",
            "ROOM_OVERLAP",
            "TIME_ZONE_UNKNOWN",
            "TYPE_UNKNOWN",
            "URL_UNREADABLE",
        ]
    );
    let overlap = oddities
        .iter()
        .find(|one| one["code"] == "ROOM_OVERLAP")
        .expect("it");
    assert_eq!(overlap["place"], "line 17");
    assert_eq!(overlap["event"], "3f0f0f0c-0000-4000-8000-00000000000b");
    assert_eq!(overlap["times"], 1);
    let counts = answer["oddityCounts"].as_array().expect("counts");
    assert_eq!(counts.len(), codes.len());
    // Instants are right although nobody names the zone.
    let operation = "{ event(slug: \"camp-2024\") { time { timeZone } draftAgenda { items { startsAt endsAt } } } }";
    let event = organiser.query(operation).await.expect_data()["event"].clone();
    assert_eq!(event["time"]["timeZone"], "Etc/GMT-1");
    let items = event["draftAgenda"]["items"].as_array().expect("items");
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["startsAt"], "2024-12-27T10:00:00Z");
    assert_eq!(items[2]["endsAt"], Value::Null);
}

async fn what_cannot_be_imported_leaves_no_trace(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let before = app.database.contents().await;
    for (document, more, path) in [
        ("<schedule>", json!({}), json!(["input", "document"])),
        ("<schedule/>", json!({}), json!(["input", "document"])),
        (
            CAMP,
            json!({ "format": "SCHEDULE_JSON" }),
            json!(["input", "document"]),
        ),
        (CAMP, json!({ "slug": "No Slug" }), json!(["input", "slug"])),
        (
            CAMP,
            json!({ "timeZone": "Mars/Olympus" }),
            json!(["input", "timeZone"]),
        ),
    ] {
        let answer = send(&organiser, &workspace, document, more).await;
        assert_eq!(answer["event"], Value::Null);
        assert_eq!(answer["changes"], Value::Null);
        assert_eq!(answer["userErrors"][0]["path"], path, "{answer:#}");
        assert_eq!(answer["userErrors"][0]["code"], "INVALID");
    }
    assert!(before == app.database.contents().await);
}

async fn nobody_imports_a_schedule_who_may_not(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let abroad = app.workspace("abroad").await;
    let others: Vec<_> = Permission::ALL
        .iter()
        .copied()
        .filter(|one| *one != Permission::EventImport)
        .collect();
    let confined = app.token(&workspace, Role::Owner, Some(&others)).await;
    let refused = [
        (app.anonymous(), "UNAUTHENTICATED"),
        (app.as_viewer(&workspace).await, "FORBIDDEN"),
        (app.bearer(confined), "FORBIDDEN"),
        (app.as_owner(&abroad).await, "NOT_FOUND"),
    ];
    let before = app.database.contents().await;
    for (client, code) in &refused {
        // Whether a schedule is sound is told to nobody who may not send it.
        for document in [CAMP, "<"] {
            let answer = client
                .ask(IMPORT, input(&workspace, document, json!({})))
                .await;
            answer.expect_error(code);
            assert_eq!(answer.body["data"], Value::Null, "{:#}", answer.body);
        }
        assert!(
            before == app.database.contents().await,
            "a {code} left a trace"
        );
    }
}

async fn a_rehearsal_of_a_schedule_changes_nothing(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let before = app.database.contents().await;
    let tried = send(&organiser, &workspace, CAMP, json!({ "dryRun": true })).await;
    assert!(before == app.database.contents().await);
    assert_eq!(tried["event"], Value::Null, "there is none yet");
    let done = send(&organiser, &workspace, CAMP, json!({})).await;
    assert_eq!(tried["changes"], done["changes"]);
    assert_eq!(tried["oddities"], done["oddities"]);
}

async fn what_a_schedule_no_longer_holds_goes_when_told_to(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    send(&organiser, &workspace, CAMP, json!({})).await;
    let (start, end) = (
        CAMP.find("<event id=\"12\">").expect("it"),
        CAMP.rfind("</event>").expect("it") + "</event>".len(),
    );
    let shorter = format!("{}{}", &CAMP[..start], &CAMP[end..]);
    let kept = send(&organiser, &workspace, &shorter, json!({})).await;
    assert_eq!(kept["changes"]["removed"], 0);
    let swept = send(
        &organiser,
        &workspace,
        &shorter,
        json!({ "removeMissing": true }),
    )
    .await;
    // The item, the appearance, the participant; the person stays in the directory.
    assert_eq!(swept["changes"]["removed"], 3, "{swept:#}");
    let people = organiser.query("{ people { totalCount } }").await;
    assert_eq!(people.expect_data()["people"]["totalCount"], 3);
}

async fn nights_and_clocks_that_change_are_kept_right(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let event = |id: u32, start: &str, lasts: &str| {
        format!(
            "<event id='{id}'><start>{start}</start><duration>{lasts}</duration><title>{id}</title>\
             <language>en</language></event>"
        )
    };
    // In the night to the 31st of March the clocks are put forward at two.
    let document = format!(
        "<schedule><conference><title>Night</title><day_change>05:00</day_change>\
         <time_zone_name>Europe/Berlin</time_zone_name></conference>\
         <day index='1' date='2024-03-30'><room name='Tent'>{}{}{}</room></day></schedule>",
        event(3, "03:30", "00:30"),
        event(1, "23:30", "01:00"),
        event(2, "01:30", "01:00"),
    );
    send(&organiser, &workspace, &document, json!({})).await;
    let operation = "{ event(slug: \"night\") { time { startsOn endsOn } draftAgenda { items {
        title startsAt endsAt startsAtLocal endsAtLocal } } } }";
    let answer = organiser.query(operation).await;
    let told = &answer.expect_data()["event"];
    assert_eq!(
        told["time"],
        json!({ "startsOn": "2024-03-30", "endsOn": "2024-03-30" })
    );
    let item = |title: &str, starts: &str, ends: &str, starts_local: &str, ends_local: &str| {
        json!({
            "title": title, "startsAt": starts, "endsAt": ends,
            "startsAtLocal": starts_local, "endsAtLocal": ends_local,
        })
    };
    assert_eq!(
        told["draftAgenda"]["items"],
        json!([
            item(
                "1",
                "2024-03-30T22:30:00Z",
                "2024-03-30T23:30:00Z",
                "2024-03-30T23:30:00",
                "2024-03-31T00:30:00"
            ),
            item(
                "2",
                "2024-03-31T00:30:00Z",
                "2024-03-31T01:30:00Z",
                "2024-03-31T01:30:00",
                "2024-03-31T03:30:00"
            ),
            item(
                "3",
                "2024-03-31T01:30:00Z",
                "2024-03-31T02:00:00Z",
                "2024-03-31T03:30:00",
                "2024-03-31T04:00:00"
            ),
        ])
    );
}

/// The step that brought links finds items that know nothing of them.
async fn an_item_that_was_there_before_has_no_links(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    send(&organiser, &workspace, CAMP, json!({})).await;
    let id = match backend {
        Backend::Sqlite => "randomblob(16)",
        Backend::Postgres => "gen_random_uuid()",
    };
    let old = format!(
        "INSERT INTO agenda_item (id, workspace_id, event_id, version, kind, position) \
         SELECT {id}, workspace_id, event_id, 1, 'BREAK', 99 FROM agenda_item LIMIT 1"
    );
    app.database.execute(&old).await;
    let operation = "{ event(slug: \"camp-2024\") { draftAgenda { items {
        kind subtitle url links { url } attachments { url } } } } }";
    let answer = organiser.query(operation).await;
    let items = &answer.expect_data()["event"]["draftAgenda"]["items"];
    assert_eq!(
        items[3],
        json!({ "kind": "BREAK", "subtitle": null, "url": null, "links": [], "attachments": [] })
    );
}

async fn the_program_imports_a_schedule(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let place = Place::new().with("DATABASE_URL", &database.url);
    place.expect(&["workspace", "create", "office"]);
    place.write("camp.xml", CAMP);
    place.write(
        "camp.json",
        "{\"schedule\":{\"conference\":{\"title\":\"Moot\",\
        \"time_zone_name\":\"UTC\",\"languages\":[\"en\"],\"days\":[{\"date\":\"2024-05-01\"}]}}}",
    );
    let before = database.contents().await;
    let tried = place.run(&["import", "camp.xml", "--dry-run"]).expect(0);
    assert!(
        tried
            .out
            .contains("camp-2024 would be imported: 18 created"),
        "{}",
        tried.out
    );
    assert!(before == database.contents().await);

    let done = place
        .run(&["import", "camp.xml", "camp.json", "--publish"])
        .expect(0);
    assert!(
        done.out.contains("camp-2024 imported: 18 created"),
        "{}",
        done.out
    );
    assert!(
        done.out.contains("moot imported: 1 created"),
        "{}",
        done.out
    );
    done.says(&["1 × HTML_MADE_PLAIN", "--verbose"]);
    let again = place
        .run(&[
            "import",
            "--format",
            "schedule-xml",
            "--verbose",
            "camp.xml",
        ])
        .expect(0);
    assert!(
        again
            .out
            .contains("0 created, 0 updated, 0 removed, 18 unchanged"),
        "{}",
        again.out
    );
    again.says(&["line 17: a text is HTML, and kept as plain text [HTML_MADE_PLAIN]"]);

    // What was imported can be written down and brought in elsewhere, as a document of ours.
    let exported = place.expect(&["export", "camp-2024"]);
    place.write("camp.yaml", &exported);
    let same = place.expect(&["import", "camp.yaml"]);
    assert!(same.contains("0 created, 0 updated"), "{same}");

    place
        .run(&[
            "import",
            "camp.xml",
            "--slug",
            "other",
            "--time-zone",
            "Europe/Lisbon",
        ])
        .expect(0);
    place
        .run(&["import", "camp.xml", "camp.json", "--slug", "other"])
        .expect(1)
        .says(&["--slug names one event"]);
    place
        .run(&["import", "camp.xml", "--format", "schedule-json"])
        .expect(1)
        .says(&["cannot be read as JSON"]);
}

async fn a_published_schedule_comes_in_whole(backend: Backend) {
    let Some(document) = published_schedule() else {
        return;
    };
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let organiser = app.as_organiser(&workspace).await;
    let statements = app.store.statements();
    let zone = json!({ "timeZone": "Europe/Brussels" });
    let first = send(&organiser, &workspace, &document, zone.clone()).await;
    let statements = app.store.statements() - statements;
    assert!(statements < 80, "{statements} statements");
    assert_eq!(first["userErrors"], json!([]));
    assert_eq!(first["event"]["slug"], "fosdem-2024");
    let counts = first["oddityCounts"].as_array().expect("counts");
    let count = |code: &str| {
        counts
            .iter()
            .find(|one| one["code"] == code)
            .map(|one| &one["count"])
    };
    assert_eq!(count("ROOM_OVERLAP"), Some(&json!(2)));
    assert_eq!(count("PERSON_IN_TWO_PLACES"), Some(&json!(2)));

    let before = app.database.contents().await;
    assert_eq!(before["agenda_item"].len(), 674);
    assert_eq!(before["person"].len(), 738);
    assert_eq!(before["participant"].len(), 738);
    assert_eq!(before["appearance"].len(), 826);
    assert_eq!(before["room"].len(), 32);
    let again = send(&organiser, &workspace, &document, zone).await;
    let changes = &again["changes"];
    let moved = [
        &changes["created"],
        &changes["updated"],
        &changes["removed"],
    ];
    assert_eq!(moved, [0, 0, 0]);
    assert!(
        before == app.database.contents().await,
        "sent again it leaves a trace"
    );

    // And is read in as many statements as any agenda.
    let id = first["event"]["id"].as_str().expect("an id");
    app.publish(id.parse().expect("an id")).await;
    let operation = include_str!("contract/schedule.graphql");
    let statements = app.store.statements();
    let answer = app
        .anonymous()
        .ask(operation, json!({ "slug": "fosdem-2024" }))
        .await;
    let agenda = &answer.expect_data()["event"]["agenda"];
    assert_eq!(agenda["items"].as_array().expect("items").len(), 674);
    // No more than any agenda; fewer, as it has no awards and no organizations.
    assert!(app.store.statements() - statements <= 13);
}
