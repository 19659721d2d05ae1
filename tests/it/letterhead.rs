//! How the papers of an office look: said, tried, and looked at before anything is issued.

use data_encoding::BASE64;
use domain::event::Event;
use domain::workspace::Workspace;
use persistence::letterhead_of;
use serde_json::{Value, json};
use tests::{Backend, Client, TestApp, both, office};

use crate::doing::{done, made, refused, send};

both!(
    an_office_says_how_its_papers_look,
    a_pattern_without_a_number_is_none,
    papers_are_set_by_templates_of_an_office,
    a_template_that_cannot_be_set_is_refused_with_its_lines,
    papers_are_looked_at_before_they_are_issued,
    a_template_is_tried_before_it_is_put_there,
    nobody_else_sees_how_papers_look,
    programme_and_sheet_of_an_event_are_set
);

/// An event at which letters, certificates and plaques are given.
const EVENT: &str = "
key: forum
language: en
title: { en: The Forum, zh-Hans: 示例论坛 }
visibility: PUBLIC
locality: Xiamen
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
organizations:
- { key: host, kind: UNIVERSITY, name: { en: Example University, zh-Hans: 示例大学 } }
people: [{ key: ada, name: Ada Example }, { key: bo, name: Bo Example }]
roles: [{ role: HOST, organization: host }]
participants: [{ person: ada }, { person: bo }]
agenda:
- key: giving
  kind: AWARD_CEREMONY
  awards: [{ key: best, kind: HONOUR, title: Best poster, grantors: [host], recipients: [{ person: bo }] }]
";

/// A sample in Chinese that anybody's own template would begin with.
const OWN: &str = "#import \"/house.typ\": *\n#data.languages.len() languages";

struct Office {
    app: TestApp,
    home: Workspace,
    event: Event,
}

impl Office {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::setting_type_by(backend, office()).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, EVENT).await;
        app.publish(event.id).await;
        Self { app, home, event }
    }

    fn letterhead(&self, seen: i32, patch: &Value) -> Value {
        let id = letterhead_of(self.home.id).to_string();
        json!({ "id": id, "expectedVersion": seen, "patch": patch })
    }

    fn template(&self, kind: &str, source: &str, seen: Option<i32>) -> Value {
        json!({ "workspaceId": self.home.id.to_string(), "kind": kind, "source": source,
            "expectedVersion": seen })
    }
}

async fn of_home(client: &Client<'_>, what: &str) -> Value {
    let asked = format!("{{ workspace(slug: \"home\") {{ {what} }} }}");
    let answer = client.query(&asked).await;
    answer.expect_data()["workspace"].clone()
}

/// The bytes of a preview in which nothing was wrong.
fn pdf(preview: &Value) -> Vec<u8> {
    assert_eq!(preview["problems"], json!([]), "{preview:#}");
    let text = preview["pdfBase64"].as_str().expect("a document");
    let pdf = BASE64.decode(text.as_bytes()).expect("Base64");
    assert!(pdf.starts_with(b"%PDF-"), "{:?}", pdf.get(..8));
    pdf
}

async fn an_office_says_how_its_papers_look(backend: Backend) {
    let office = Office::new(backend).await;
    let client = office.app.as_organiser(&office.home).await;
    let asked = "letterhead { id version numberPattern nextNumber chineseNumerals
        logoUrl sealUrl signatureUrl }";
    let plain = of_home(&client, asked).await["letterhead"].clone();
    let id = plain["id"].as_str().expect("an id");
    assert_eq!(
        plain,
        json!({ "id": id, "version": 0, "numberPattern": null, "nextNumber": "2025-000001",
            "chineseNumerals": false, "logoUrl": null, "sealUrl": null, "signatureUrl": null })
    );
    let patch = json!({ "numberPattern": "HY-{year}-{n:4}", "chineseNumerals": true });
    let said = made(&client, "letterheadUpdate", office.letterhead(0, &patch)).await;
    assert_eq!((said.id.as_str(), said.version), (id, 1));
    let now = of_home(&client, asked).await["letterhead"].clone();
    assert_eq!(now["nextNumber"], "HY-2025-0001", "{now:#}");
    assert_eq!(now["chineseNumerals"], true, "{now:#}");

    // Who has not seen it is told, with what is there.
    let patch = json!({ "chineseNumerals": false });
    let input = office.letterhead(0, &patch);
    let errors = refused(&office.app, &client, "letterheadUpdate", input).await;
    assert_eq!(errors[0]["code"], "STALE_VERSION", "{errors:#?}");
    assert_eq!(errors[0]["current"]["id"], id, "{errors:#?}");

    // What is left out stays.
    let patch = json!({ "numberPattern": null });
    made(&client, "letterheadUpdate", office.letterhead(1, &patch)).await;
    let now = of_home(&client, asked).await["letterhead"].clone();
    assert_eq!(now["numberPattern"], Value::Null, "{now:#}");
    assert_eq!(now["chineseNumerals"], true, "{now:#}");
}

async fn a_pattern_without_a_number_is_none(backend: Backend) {
    let office = Office::new(backend).await;
    let client = office.app.as_organiser(&office.home).await;
    let input = office.letterhead(0, &json!({ "numberPattern": "HY-{year}" }));
    let errors = refused(&office.app, &client, "letterheadUpdate", input).await;
    assert_eq!(
        errors[0]["path"],
        json!(["input", "patch", "numberPattern"])
    );
    let input = office.letterhead(3, &json!({}));
    let errors = refused(&office.app, &client, "letterheadUpdate", input).await;
    assert_eq!(errors[0]["currentVersion"], 0, "{errors:#?}");
}

async fn papers_are_set_by_templates_of_an_office(backend: Backend) {
    let office = Office::new(backend).await;
    let client = office.app.as_organiser(&office.home).await;
    let asked = "paperTemplates { kind source builtInSource isOverridden version template { id } }";
    let all = of_home(&client, asked).await["paperTemplates"].clone();
    let all = all.as_array().expect("a list");
    assert_eq!(all.len(), 6);
    for one in all {
        assert_eq!(one["source"], one["builtInSource"]);
        assert_eq!(one["isOverridden"], false);
        assert_eq!(one["version"], Value::Null);
        // Ours can be put in place of ours.
        let kind = one["kind"].as_str().expect("a kind");
        let source = one["source"].as_str().expect("a template");
        made(
            &client,
            "templateUpdate",
            office.template(kind, source, None),
        )
        .await;
    }
    let input = office.template("PLAQUE", OWN, Some(1));
    let plaque = made(&client, "templateUpdate", input).await;
    assert_eq!(plaque.version, 2);
    let all = of_home(&client, asked).await["paperTemplates"].clone();
    assert_eq!(all[2]["kind"], "PLAQUE", "{all:#}");
    assert_eq!(all[2]["source"], OWN);
    assert_eq!(all[2]["template"]["id"], plaque.id.as_str());

    let errors = refused(
        &office.app,
        &client,
        "templateUpdate",
        office.template("PLAQUE", OWN, Some(1)),
    )
    .await;
    assert_eq!(
        errors[0]["current"]["id"],
        plaque.id.as_str(),
        "{errors:#?}"
    );
    let errors = refused(
        &office.app,
        &client,
        "templateUpdate",
        office.template("PLAQUE", OWN, None),
    )
    .await;
    assert_eq!(
        errors[0]["existing"]["id"],
        plaque.id.as_str(),
        "{errors:#?}"
    );

    let seen = json!({ "id": plaque.id, "expectedVersion": 2 });
    let gone = done(&client, "templateReset", seen).await;
    assert_eq!(gone["removedId"], plaque.id.as_str());
    let all = of_home(&client, asked).await["paperTemplates"].clone();
    assert_eq!(all[2]["isOverridden"], false, "{all:#}");
}

async fn a_template_that_cannot_be_set_is_refused_with_its_lines(backend: Backend) {
    let office = Office::new(backend).await;
    let client = office.app.as_organiser(&office.home).await;
    let broken = [
        ("= Title\n#nobody", "line 2: unknown variable: nobody"),
        ("#let x = (", "line 1: unclosed delimiter"),
        // What may be left out is left out in one of the trials.
        (
            "#import \"/house.typ\": *\n\n#if data.imprint.seal != none { image(data.imprint.seal) }",
            "line 3: PDF/A-2a error: missing alt text",
        ),
        (
            "#import \"/house.typ\": *\n#image(data.imprint.seal, alt: \"seal\")",
            "line 2: expected",
        ),
        // A language that a paper has not.
        (
            "#import \"/house.typ\": *\n#data.organization.zh",
            "line 2: ",
        ),
        ("#read(\"/etc/passwd\")", "line 1: "),
        ("\u{e000}", "no font has"),
        (" \n", "says nothing"),
    ];
    for (source, why) in broken {
        let input = office.template("PLAQUE", source, None);
        let errors = refused(&office.app, &client, "templateUpdate", input).await;
        assert_eq!(errors.len(), 1, "{source}: {errors:#?}");
        assert_eq!(errors[0]["path"], json!(["input", "source"]));
        let message = errors[0]["message"].as_str().expect("a message");
        assert!(message.starts_with(why), "{source}: {message}");
    }
}

async fn papers_are_looked_at_before_they_are_issued(backend: Backend) {
    let office = Office::new(backend).await;
    let (app, client) = (&office.app, office.app.as_organiser(&office.home).await);
    let patch = json!({ "numberPattern": "HY-{n:3}" });
    made(&client, "letterheadUpdate", office.letterhead(0, &patch)).await;
    let asked = "{ event(slug: \"forum\") {
        organizations { organization { id } }
        participants { nodes { id person { id name } } }
        awards { recipients { id } } } }";
    let data = client.query(asked).await.expect_data()["event"].clone();
    let host = data["organizations"][0]["organization"]["id"].clone();
    let letter = json!({ "eventId": office.event.id.to_string(),
        "appointeeId": data["participants"]["nodes"][0]["person"]["id"], "bodyId": host,
        "post": "Chair", "issuerIds": [host] });
    let letter = made(&client, "letterDraft", letter).await;

    let before = app.database.contents().await;
    let preview = |id: &str, of: &str| {
        format!(
            "{{ node(id: \"{id}\") {{ ... on {of} {{
                documentPreview(languages: ENGLISH) {{ pdfBase64 pageCount problems }} }} }} }}"
        )
    };
    let of_letter = preview(&letter.id, "AppointmentLetter");
    let recipient = data["awards"][0]["recipients"][0]["id"]
        .as_str()
        .expect("an id");
    for asked in [&of_letter, &preview(recipient, "AwardRecipient")] {
        let answer = client.query(asked).await;
        let one = answer.expect_data()["node"]["documentPreview"].clone();
        assert_eq!(one["pageCount"], 1, "{one:#}");
        // The same, to the byte, whoever looks at it again.
        let again = client.query(asked).await;
        assert_eq!(
            pdf(&one),
            pdf(&again.expect_data()["node"]["documentPreview"])
        );
    }
    // Who was not there is certified nothing, not even to be looked at.
    let ada = data["participants"]["nodes"][0]["id"]
        .as_str()
        .expect("an id");
    let answer = client.query(&preview(ada, "Participant")).await;
    let one = &answer.expect_data()["node"]["documentPreview"];
    assert_eq!(one["pdfBase64"], Value::Null, "{one:#}");
    let why = one["problems"][0].as_str().expect("a problem");
    assert!(why.starts_with("was not there"), "{why}");
    assert!(
        before == app.database.contents().await,
        "a preview changes nothing"
    );

    // What is issued has a document.
    let issue = json!({ "eventId": office.event.id.to_string(), "languages": "ENGLISH" });
    let issued = done(&client, "letterIssue", issue).await;
    assert_eq!(issued["issuedCount"], 1, "{issued:#}");
    let answer = client.query(&of_letter).await;
    let why = &answer.expect_data()["node"]["documentPreview"]["problems"];
    assert_eq!(
        why[0],
        "was issued before, as HY-001: its document is there to be read"
    );
}

async fn a_template_is_tried_before_it_is_put_there(backend: Backend) {
    let office = Office::new(backend).await;
    let client = office.app.as_viewer(&office.home).await;
    let asked = "preview: documentPreview(kind: PLAQUE, languages: CHINESE) {
        pdfBase64 pageCount problems }";
    let ours = of_home(&client, asked).await["preview"].clone();
    let ours = pdf(&ours);
    let operation = "query($source: String!) { workspace(slug: \"home\") {
        documentPreview(kind: PLAQUE, template: $source) { pdfBase64 pageCount problems } } }";
    let tried = "#import \"/house.typ\": *\nOne\n#pagebreak()\nTwo";
    // Who may not put it in place does not try it either.
    let answer = client.ask(operation, json!({ "source": tried })).await;
    answer.expect_error("FORBIDDEN");
    let client = office.app.as_organiser(&office.home).await;
    let answer = client.ask(operation, json!({ "source": tried })).await;
    let preview = &answer.expect_data()["workspace"]["documentPreview"];
    assert_eq!(preview["pageCount"], 2, "{preview:#}");
    assert_ne!(pdf(preview), ours);
    let answer = client.ask(operation, json!({ "source": "#nobody" })).await;
    let preview = &answer.expect_data()["workspace"]["documentPreview"];
    let problems = json!(["line 1: unknown variable: nobody"]);
    assert_eq!(preview["problems"], problems, "{preview:#}");
    let long = "x".repeat(256 * 1024 + 1);
    let answer = client.ask(operation, json!({ "source": long })).await;
    answer.expect_error("BAD_USER_INPUT");
    // All kinds, in all languages: within what one answer may cost are ten of them.
    for languages in ["CHINESE", "ENGLISH", "BILINGUAL"] {
        let kinds = [
            "APPOINTMENT_LETTER",
            "AWARD_CERTIFICATE",
            "PLAQUE",
            "ATTENDANCE_CERTIFICATE",
            "AGENDA_BOOKLET",
            "SIGN_IN_SHEET",
        ];
        let each = kinds.iter().map(|kind| {
            format!("{kind}: documentPreview(kind: {kind}, languages: {languages}) {{ pdfBase64 problems }}")
        });
        let all = of_home(&client, &each.collect::<Vec<_>>().join(" ")).await;
        for kind in kinds {
            pdf(&all[kind]);
        }
    }
    let eleven = (0..11).map(|n| format!("p{n}: documentPreview(kind: PLAQUE) {{ pageCount }}"));
    let asked = eleven.collect::<Vec<_>>().join(" ");
    let answer = client
        .query(&format!("{{ workspace(slug: \"home\") {{ {asked} }} }}"))
        .await;
    assert!(!answer.errors().is_empty(), "{:#}", answer.body);
}

async fn nobody_else_sees_how_papers_look(backend: Backend) {
    let office = Office::new(backend).await;
    let organiser = office.app.as_organiser(&office.home).await;
    let patch = json!({ "chineseNumerals": true });
    let said = made(&organiser, "letterheadUpdate", office.letterhead(0, &patch)).await;
    let input = office.template("PLAQUE", OWN, None);
    let template = made(&organiser, "templateUpdate", input).await;
    let away = office.app.workspace("away").await;
    let stranger = office.app.as_owner(&away).await;
    for id in [&said.id, &template.id] {
        let asked = format!("{{ node(id: \"{id}\") {{ id }} }}");
        assert_eq!(
            stranger.query(&asked).await.expect_data()["node"],
            Value::Null
        );
        assert_eq!(
            organiser.query(&asked).await.expect_data()["node"]["id"],
            id.as_str()
        );
        let anonymous = office.app.anonymous();
        assert_eq!(
            anonymous.query(&asked).await.expect_data()["node"],
            Value::Null
        );
    }
    let answer = send(
        &stranger,
        "templateUpdate",
        office.template("PLAQUE", OWN, Some(1)),
    )
    .await;
    answer.expect_error("NOT_FOUND");
    let viewer = office.app.as_viewer(&office.home).await;
    let answer = send(
        &viewer,
        "letterheadUpdate",
        office.letterhead(1, &json!({})),
    )
    .await;
    answer.expect_error("FORBIDDEN");
}

async fn programme_and_sheet_of_an_event_are_set(backend: Backend) {
    let office = Office::new(backend).await;
    let asked = "{ event(slug: \"forum\") { agenda { items { id }
        booklet { pdfBase64 pageCount problems }
        chinese: booklet(languages: CHINESE) { pdfBase64 problems }
        signInSheet { pdfBase64 pageCount problems } } } }";
    let viewer = office.app.as_viewer(&office.home).await;
    let answer = viewer.query(asked).await;
    let agenda = &answer.expect_data()["event"]["agenda"];
    assert_ne!(pdf(&agenda["booklet"]), pdf(&agenda["chinese"]));
    let whole = pdf(&agenda["signInSheet"]);
    let of_item = |id: &str| {
        format!(
            "{{ event(slug: \"forum\") {{ agenda {{
                signInSheet(itemId: \"{id}\") {{ pdfBase64 problems }} }} }} }}"
        )
    };
    let item = agenda["items"][0]["id"].as_str().expect("an item");
    let answer = viewer.query(&of_item(item)).await;
    let of_one = &answer.expect_data()["event"]["agenda"]["signInSheet"];
    assert_ne!(pdf(of_one), whole);
    let nowhere = of_item("itm_0193f2a0000070008000000000000000");
    let answer = viewer.query(&nowhere).await;
    let none = &answer.expect_data()["event"]["agenda"]["signInSheet"];
    assert_eq!(none, &Value::Null);
    // The public sees the agenda, and sets nothing in type.
    let answer = office.app.anonymous().query(asked).await;
    let agenda = &answer.expect_data()["event"]["agenda"];
    assert_eq!(agenda["booklet"], Value::Null);
    assert_eq!(agenda["signInSheet"], Value::Null);
}
