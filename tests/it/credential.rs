//! Letters and certificates: issued, numbered, printed, sent, verified, taken back, issued anew.

mod apart;
mod killed;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use documents::{FontSettings, Press};
use domain::credential::PaperLanguages;
use domain::id::EventId;
use domain::workspace::Workspace;
use notifier::dispatch::{DispatchSettings, Dispatcher};
use notifier::transport::{Memory, Transport};
use notifier::writer::Writer;
use persistence::{CredentialFilter, Effect, Error, Issue, IssueWhat, Storage, Unchecked};
use registrar::{Office, Registrar};
use serde_json::{Value, json};
use tests::{Backend, Client, Outfit, SITE, STAGEHAND, TestApp, both};

use crate::doing::{done, in_short, refused};

both!(
    a_letter_is_issued_printed_sent_and_verified,
    what_is_tried_issues_nothing,
    what_cannot_be_issued_is_not_and_all_reasons_are_told,
    numbers_have_no_gaps_whoever_issues_at_once,
    who_dies_over_a_document_leaves_it_to_another,
    documents_are_kept_where_it_is_said,
    a_credential_is_taken_back_and_says_so,
    a_credential_is_issued_anew_and_the_old_one_says_by_which,
    whoever_was_there_is_certified_and_nobody_else,
    what_is_sent_with_one_job_is_one_message,
    a_character_that_no_font_has_is_told_before_anything_is_issued
);

const DOCUMENT: &str = "
key: founding
language: zh-Hans
title: { zh-Hans: 职教集团成立大会, en: Founding of the group }
visibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-03-01, startsAt: 2025-03-01T09:00, endsAt: 2025-03-01T12:00 }
organizations:
- { key: office, name: { zh-Hans: 示例大学, en: Example University }, kind: UNIVERSITY }
- { key: committee, name: { zh-Hans: 专家委员会, en: Expert Committee }, kind: COMMITTEE }
- { key: school, name: 示例学校, kind: SCHOOL }
people:
- { key: wang, name: 王芳, transcription: Wang Fang, email: wang.fang@example.org }
- { key: li, name: 李明, email: li.ming@example.org }
- { key: bo, name: Bo Example, email: bo@example.org }
roles: [{ role: HOST, organization: office }]
participants: [{ person: bo, status: ATTENDED }, { person: li, status: CONFIRMED }]
appearances: [{ role: CHAIR, person: bo }]
awards:
- { key: base, kind: PLAQUE, title: 产教融合示范基地, grantors: [office], recipients: [{ organization: school }] }
- { key: prize, kind: PRIZE, title: 优秀论文, level: 一等奖, grantors: [office], recipients: [{ person: li }] }
letters:
- { key: one, appointee: wang, body: committee, post: 主任委员, since: 2025-03-01, until: 2027-02-28,
    issuers: [office], signatory: \"李明，校长\" }
- { key: two, appointee: li, body: committee, post: 委员, issuers: [office] }
";

struct Founding {
    app: TestApp,
    home: Workspace,
    event: EventId,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    Press::new(&FontSettings {
        system: false,
        ..FontSettings::default()
    })
});

impl Founding {
    async fn new(backend: Backend) -> Self {
        Self::equipped(backend, Outfit::default()).await
    }

    async fn equipped(backend: Backend, outfit: Outfit) -> Self {
        let app = TestApp::equipped(backend, outfit).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, DOCUMENT).await.id;
        app.publish(event).await;
        Self { app, home, event }
    }

    async fn organiser(&self) -> Client<'_> {
        self.app.as_organiser(&self.home).await
    }

    fn office() -> Office {
        Office {
            press: PRESS.clone(),
            site: Arc::new(SITE.parse().expect("a site")),
            key: None,
        }
    }

    fn registrar(&self) -> Registrar {
        Registrar::new(self.app.store.clone(), Self::office())
    }

    /// Issues letters, with more of the input.
    async fn issue(&self, more: Value) -> Value {
        let input = json!({ "eventId": self.event.to_string(), "languages": "CHINESE" });
        self.issuing("letterIssue", crate::doing::with(input, more))
            .await
    }

    /// What comes of a mutation that issues.
    async fn issuing(&self, mutation: &str, input: Value) -> Value {
        let of = format!("{}{}Input", &mutation[..1].to_uppercase(), &mutation[1..]);
        let operation = format!(
            "mutation($input: {of}!) {{ {mutation}(input: $input) {{ issuedCount job {{ id }}
             credentials {{ id version number code }} unreachable {{ holderName }}
             userErrors {{ message path }} }} }}"
        );
        let client = self.organiser().await;
        let answer = client.ask(&operation, json!({ "input": input })).await;
        let payload = answer.expect_data()[mutation].clone();
        assert_eq!(payload["userErrors"], json!([]));
        payload
    }

    async fn verified(&self, code: &Value) -> Value {
        let operation =
            "query($code: String!) { verification(code: $code) { kind number status office
            holder title body eventTitle issuers signatory issuedOn validFrom validUntil
            revokedAt revocationReason supersededByCode } }";
        let stranger = self.app.anonymous();
        let answer = stranger.ask(operation, json!({ "code": code })).await;
        answer.expect_data()["verification"].clone()
    }

    async fn job(&self, id: &Value) -> Value {
        let operation =
            "query($id: ID!) { node(id: $id) { ... on Job { totalCount doneCount failedCount
            isFinished fault } } }";
        let answer = self
            .organiser()
            .await
            .ask(operation, json!({ "id": id }))
            .await;
        answer.expect_data()["node"].clone()
    }

    async fn send(&self) -> Vec<Vec<u8>> {
        let server = Memory::default();
        let writer = Writer {
            from: "office@example.org".parse().expect("an address"),
            replies: None,
            site: SITE.parse().expect("a site"),
            dkim: None,
        };
        let transport = Transport::Memory(server.clone());
        let settings = DispatchSettings::default();
        Dispatcher::new(self.app.store.clone(), writer, transport, settings)
            .drain()
            .await;
        server.sent().into_iter().map(|one| one.mail).collect()
    }
}

async fn a_letter_is_issued_printed_sent_and_verified(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issued = founding
        .issue(json!({ "issuedOn": "2025-03-01", "send": true }))
        .await;
    assert_eq!(issued["issuedCount"], 2);
    let numbers = [
        &issued["credentials"][0]["number"],
        &issued["credentials"][1]["number"],
    ];
    assert_eq!(numbers, ["2025-000001", "2025-000002"]);
    let job = &issued["job"]["id"];
    assert_eq!(
        founding.job(job).await,
        json!({ "totalCount": 2, "doneCount": 0, "failedCount": 0, "isFinished": false,
            "fault": null })
    );
    let tally = founding.registrar().drain().await;
    assert_eq!((tally.made, tally.failed), (2, 0));
    let finished = founding.job(job).await;
    assert_eq!(
        (&finished["doneCount"], &finished["isFinished"]),
        (&json!(2), &json!(true))
    );

    let operation = "{ event(slug: \"founding\") {
        credentials(filter: { kind: [APPOINTMENT_LETTER] }) { totalCount nodes { number status
            holder { ... on Person { name } } holderName(language: \"en\") title languages issuedOn
            since until documentUrl acceptedAt } }
        appointmentLetters(first: 5) { nodes { number status issuedOn } } }
        organizations(filter: { search: \"专家委员会\" }) { nodes {
            memberships { post since until member { ... on Person { name } } letter { number } } } } }";
    let answer = founding.organiser().await.query(operation).await;
    let mut told = answer.expect_data().clone();
    let nodes = told["event"]["credentials"]["nodes"]
        .as_array_mut()
        .expect("nodes");
    for node in nodes {
        let url = node["documentUrl"].as_str().expect("it is made").to_owned();
        assert!(url.starts_with(&format!("{SITE}/documents/crd_")), "{url}");
        node["documentUrl"] = json!("…");
    }
    insta::assert_snapshot!("issued", format!("{told:#}"));

    // Anybody who has the code sees what the paper says, and no more.
    let code = &issued["credentials"][0]["code"];
    let verified = founding.verified(code).await;
    insta::assert_snapshot!("verified", format!("{verified:#}"));
    let typed = code
        .as_str()
        .expect("a code")
        .to_lowercase()
        .replace('-', " ");
    assert_eq!(founding.verified(&json!(typed)).await, verified);
    assert_eq!(
        founding.verified(&json!("7K3M-9QXT-0A2B-ZZ1W")).await,
        Value::Null
    );
    assert_eq!(founding.verified(&json!("no code")).await, Value::Null);

    let mails = founding.send().await;
    assert_eq!(mails.len(), 2);
    let read = |mail| mail_parser::MessageParser::new().parse(mail);
    let mut messages: Vec<_> = mails.iter().filter_map(read).collect();
    messages.sort_by_key(|one| one.subject().map(str::len));
    let message = messages.last().expect("a mail");
    assert_eq!(message.subject(), Some("您的聘书：专家委员会主任委员"));
    let attached = message.attachment(0).expect("the document");
    assert!(attached.contents().starts_with(b"%PDF-"));
    let text = message.body_text(0).expect("a text");
    assert!(text.contains(&format!("{SITE}/verify/")), "{text}");
    assert!(text.contains(&format!("{SITE}/credential/")), "{text}");
}

async fn what_is_tried_issues_nothing(backend: Backend) {
    let founding = Founding::new(backend).await;
    let input = json!({ "eventId": founding.event.to_string(), "languages": "CHINESE",
        "dryRun": true });
    let tried = founding.issuing("letterIssue", input).await;
    assert_eq!(
        (&tried["issuedCount"], &tried["job"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(tried["credentials"][1]["number"], "2025-000002");
    let rows = "SELECT CAST(COUNT(*) AS TEXT) AS value FROM credential UNION ALL
        SELECT CAST(COUNT(*) AS TEXT) FROM number_count UNION ALL
        SELECT CAST(COUNT(*) AS TEXT) FROM job";
    assert_eq!(founding.app.database.texts(rows).await, ["0", "0", "0"]);
    assert_eq!(founding.registrar().drain().await.made, 0);
}

async fn what_cannot_be_issued_is_not_and_all_reasons_are_told(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issued = founding.issue(json!({})).await;
    let client = founding.organiser().await;
    let letters = "{ event(slug: \"founding\") { appointmentLetters(first: 5) { nodes { id } } } }";
    let letters = client.query(letters).await;
    let letters = letters.expect_data()["event"]["appointmentLetters"]["nodes"].clone();
    let nowhere = "ltr_0193f2a0000070008000000000000000";
    let input = json!({ "eventId": founding.event.to_string(), "languages": "CHINESE",
        "issuedOn": "2031-01-01", "letterIds": [letters[1]["id"], nowhere] });
    let errors = refused(&founding.app, &client, "letterIssue", input).await;
    assert_eq!(
        in_short(&errors),
        [
            "INVALID input.issuedOn",
            "NOT_FOUND input.letterIds.1",
            "ILLEGAL_STATE input.letterIds.0"
        ]
    );
    let number = issued["credentials"][1]["number"]
        .as_str()
        .expect("a number");
    let message = errors[2]["message"].as_str().expect("text");
    assert!(message.contains(number), "{message}");
    // All that are drafts are issued already: there is nothing to do, and nothing is wrong.
    let again = founding.issue(json!({})).await;
    assert_eq!(
        (&again["issuedCount"], &again["job"]),
        (&json!(0), &Value::Null)
    );
}

async fn numbers_have_no_gaps_whoever_issues_at_once(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issue = |what| Issue {
        event: Some(founding.event),
        what,
        on: None,
        languages: Some(PaperLanguages::Chinese),
        send: false,
        effect: Effect::Apply,
    };
    let store = &founding.app.store;
    let (letters, awards, attendance) = (
        issue(IssueWhat::Letters(None)),
        issue(IssueWhat::Awards(None)),
        issue(IssueWhat::Attendance(None)),
    );
    let (letters, awards, attendance) = tokio::join!(
        store.issue_credentials(&STAGEHAND, letters, &Unchecked, None),
        store.issue_credentials(&STAGEHAND, awards, &Unchecked, None),
        store.issue_credentials(&STAGEHAND, attendance, &Unchecked, None),
    );
    let mut numbers = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for issued in [letters, awards, attendance] {
        for one in issued.expect("they are issued").credentials {
            assert!(numbers.insert(one.number));
            kinds.insert(one.kind);
        }
    }
    let expected: BTreeSet<_> = (1..=5).map(|n| format!("2025-{n:06}")).collect();
    assert_eq!(numbers, expected);
    assert_eq!(kinds.len(), 4);
    let tally = founding.registrar().drain().await;
    assert_eq!((tally.made, tally.failed), (5, 0));
}

async fn who_dies_over_a_document_leaves_it_to_another(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issued = founding.issue(json!({})).await;
    let store = &founding.app.store;
    // One claims, and is never heard of again.
    let lost = store
        .claim_prints(None, 1, TimeDelta::minutes(5))
        .await
        .expect("claims");
    assert_eq!(lost.len(), 1);
    assert_eq!(founding.registrar().drain().await.made, 1);
    founding.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(founding.registrar().drain().await.made, 1);
    // Late as it is, it finds that another has done it.
    let made = Founding::office().make(&lost[0]).expect("a document");
    let late = store.keep_prints(&[(lost[0].clone(), made)]).await;
    assert_eq!(late.expect("it is not kept"), 0);
    let job = founding.job(&issued["job"]["id"]).await;
    assert_eq!(
        (&job["doneCount"], &job["totalCount"]),
        (&json!(2), &json!(2))
    );
    let files = "SELECT CAST(COUNT(*) AS TEXT) AS value FROM stored_file";
    assert_eq!(founding.app.database.texts(files).await, ["2"]);
}

async fn documents_are_kept_where_it_is_said(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("files");
    let storage = Storage::at(place.to_str().expect("a path")).expect("a place");
    storage.probe().await.expect("it can be written");
    let outfit = Outfit {
        storage: Some(storage),
        ..Outfit::default()
    };
    let founding = Founding::equipped(backend, outfit).await;
    let issued = founding.issue(json!({})).await;
    assert_eq!(founding.registrar().drain().await.made, 2);
    let kept = "SELECT CAST(COUNT(bytes) AS TEXT) || ' of ' || CAST(COUNT(*) AS TEXT) AS value FROM stored_file";
    assert_eq!(founding.app.database.texts(kept).await, ["0 of 2"]);

    let token = founding
        .app
        .token(&founding.home, domain::access::Role::Organizer, None)
        .await;
    let ids = "SELECT document AS value FROM print ORDER BY credential_id";
    let hashes = founding.app.database.texts(ids).await;
    let shelves = place.join(founding.home.id.to_string());
    let file = |hash: &str| shelves.join(&hash[..2]).join(hash);
    let read = async |at: usize| {
        let id = issued["credentials"][at]["id"].as_str().expect("an id");
        let path = format!("/documents/{id}.pdf");
        let asked = founding.app.http().get(path);
        let got = asked
            .header("Authorization", format!("Bearer {token}"))
            .send()
            .await
            .0;
        let status = got.status().as_u16();
        (status, got.into_body().into_vec().await.expect("bytes"))
    };
    let bytes = std::fs::read(file(&hashes[0])).expect("a file");
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(read(0).await, (200, bytes.clone()));

    // What is not what was put there is handed to nobody, and what is gone is not made up for.
    std::fs::write(file(&hashes[0]), b"%PDF-something else").expect("a file");
    assert_eq!(read(0).await.0, 500);
    std::fs::remove_file(file(&hashes[1])).expect("a file");
    assert_eq!(read(1).await.0, 500);
    std::fs::write(file(&hashes[0]), &bytes).expect("a file");
    assert_eq!(read(0).await, (200, bytes));

    // If it cannot be kept, it is not said to be made; it is made again when it can be.
    let awards = json!({ "eventId": founding.event.to_string() });
    std::fs::remove_dir_all(&shelves).expect("it goes");
    std::fs::write(&shelves, b"a file where a folder should be").expect("a file");
    founding.issuing("awardCertificateIssue", awards).await;
    assert_eq!(founding.registrar().drain().await.made, 0);
    std::fs::remove_file(&shelves).expect("it goes");
    founding.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(founding.registrar().drain().await.made, 2);
    assert_eq!(founding.app.database.texts(kept).await, ["0 of 4"]);
}

async fn a_credential_is_taken_back_and_says_so(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issued = founding.issue(json!({})).await;
    let one = &issued["credentials"][0];
    let client = founding.organiser().await;
    let revoke = json!({ "id": one["id"], "expectedVersion": 1, "reason": "The post is another." });
    done(&client, "credentialRevoke", revoke.clone()).await;
    let verified = founding.verified(&one["code"]).await;
    assert_eq!(verified["status"], "REVOKED");
    assert_eq!(verified["revocationReason"], "The post is another.");
    // The appointment is over with it, and so is the membership.
    let operation =
        "{ event(slug: \"founding\") { appointmentLetters(first: 1) { nodes { status } } }
        organizations(filter: { search: \"专家委员会\" }) { nodes { memberships { until } } } }";
    let told = client.query(operation).await.expect_data().clone();
    assert_eq!(
        told["event"]["appointmentLetters"]["nodes"][0]["status"],
        "REVOKED"
    );
    let members = &told["organizations"]["nodes"][0]["memberships"];
    // It would have begun in March.
    assert_eq!(members[0]["until"], "2025-03-01");
    let again = crate::doing::with(revoke, json!({ "expectedVersion": 2, "reason": " " }));
    let errors = refused(&founding.app, &client, "credentialRevoke", again).await;
    assert_eq!(
        in_short(&errors),
        ["INVALID input.reason", "ILLEGAL_STATE input.id"]
    );
    // What was not printed yet is printed, and not sent.
    assert_eq!(founding.registrar().drain().await.made, 2);
}

async fn a_credential_is_issued_anew_and_the_old_one_says_by_which(backend: Backend) {
    let founding = Founding::new(backend).await;
    let issued = founding.issue(json!({})).await;
    let one = &issued["credentials"][0];
    let client = founding.organiser().await;
    let wang = "{ people(filter: { search: \"王芳\" }) { nodes { id version } } }";
    let wang = client.query(wang).await.expect_data()["people"]["nodes"][0].clone();
    let named = json!({ "id": wang["id"], "expectedVersion": wang["version"],
        "patch": { "name": "王方" } });
    done(&client, "personUpdate", named).await;
    let again = json!({ "id": one["id"], "expectedVersion": 1, "languages": "BILINGUAL" });
    let reissued = founding.issuing("credentialReissue", again).await;
    let new = &reissued["credentials"][0];
    assert_eq!(new["number"], "2025-000003");
    let old = founding.verified(&one["code"]).await;
    assert_eq!(
        (&old["status"], &old["holder"]),
        (&json!("SUPERSEDED"), &json!("王芳"))
    );
    assert_eq!(old["supersededByCode"], new["code"]);
    let now = founding.verified(&new["code"]).await;
    assert_eq!(
        (&now["status"], &now["holder"]),
        (&json!("VALID"), &json!("王方"))
    );
    assert_eq!(now["title"], "主任委员");
    assert_eq!(founding.registrar().drain().await.made, 3);
    let (store, filter) = (&founding.app.store, CredentialFilter::default());
    let events = [founding.event];
    let counts = store.credentials_counts(&STAGEHAND, &filter, &events);
    assert_eq!(counts.await.expect("a count")[&founding.event], 3);
}

async fn whoever_was_there_is_certified_and_nobody_else(backend: Backend) {
    let founding = Founding::new(backend).await;
    let client = founding.organiser().await;
    let participants =
        "{ event(slug: \"founding\") { participants(first: 5) { nodes { id status } } } }";
    let participants = client.query(participants).await;
    let participants = participants.expect_data()["event"]["participants"]["nodes"].clone();
    let input = json!({ "eventId": founding.event.to_string(), "languages": "ENGLISH" });
    let both = [participants[0]["id"].clone(), participants[1]["id"].clone()];
    let more = json!({ "participantIds": both });
    let errors = refused(
        &founding.app,
        &client,
        "attendanceCertificateIssue",
        crate::doing::with(input.clone(), more),
    )
    .await;
    assert_eq!(in_short(&errors), ["ILLEGAL_STATE input.participantIds.1"]);
    let issued = founding.issuing("attendanceCertificateIssue", input).await;
    assert_eq!(issued["issuedCount"], 1);
    let verified = founding.verified(&issued["credentials"][0]["code"]).await;
    assert_eq!(verified["kind"], "certificate of attendance");
    assert_eq!(verified["holder"], "Bo Example");
    assert_eq!(verified["title"], "Chair");
    assert_eq!(verified["issuers"], json!(["示例大学"]));
}

/// However the documents are shared out among those who make them. Who is not written to is told.
async fn what_is_sent_with_one_job_is_one_message(backend: Backend) {
    let founding = Founding::new(backend).await;
    let mut document = DOCUMENT.replace("key: founding", "key: many");
    let guests = 0..11;
    let people = guests.clone().map(|one| {
        let address = if one == 3 {
            String::new()
        } else {
            format!(", email: guest{one}@example.org")
        };
        format!("- {{ key: guest{one}, name: Guest {one}{address} }}\n")
    });
    let people = format!("people:\n{}", people.collect::<String>());
    document = document.replace("people:\n", &people);
    let there = guests.map(|one| format!("{{ person: guest{one}, status: ATTENDED }}, "));
    let there = format!("participants: [{}", there.collect::<String>());
    document = document.replace("participants: [", &there);
    let event = founding.app.import(&founding.home, &document).await.id;

    let input = json!({ "eventId": event.to_string(), "languages": "ENGLISH", "send": true });
    let tried = crate::doing::with(input.clone(), json!({ "dryRun": true }));
    let tried = founding.issuing("attendanceCertificateIssue", tried).await;
    assert_eq!(tried["unreachable"], json!([{ "holderName": "Guest 3" }]));
    // To organizations nothing is sent.
    let awards = crate::doing::with(input.clone(), json!({ "dryRun": true }));
    let awards = founding.issuing("awardCertificateIssue", awards).await;
    assert_eq!(awards["unreachable"], json!([{ "holderName": "示例学校" }]));
    let input = crate::doing::with(input, json!({ "idempotencyKey": "once" }));
    let client = founding.organiser().await;
    let mutation = "mutation($input: AttendanceCertificateIssueInput!) {
        attendanceCertificateIssue(input: $input) { issuedCount unreachable { holderName } } }";
    let variables = json!({ "input": input });
    let issued = client.ask(mutation, variables.clone()).await;
    assert_eq!(
        issued.expect_data()["attendanceCertificateIssue"],
        json!({ "issuedCount": 12, "unreachable": [{ "holderName": "Guest 3" }] })
    );
    let again = client.ask(mutation, variables).await;
    assert_eq!(again.expect_data(), issued.expect_data());
    assert_eq!(founding.registrar().drain().await.made, 12);

    let operation = "query($id: ID!) { node(id: $id) { ... on Event {
        messages { nodes { kind deliveries { totalCount } } } } } }";
    let told = client
        .ask(operation, json!({ "id": event.to_string() }))
        .await;
    assert_eq!(
        told.expect_data()["node"]["messages"]["nodes"],
        json!([{ "kind": "CREDENTIAL_ISSUED", "deliveries": { "totalCount": 12 } }])
    );
    assert_eq!(founding.send().await.len(), 11);
}

async fn a_character_that_no_font_has_is_told_before_anything_is_issued(backend: Backend) {
    let founding = Founding::new(backend).await;
    let client = founding.organiser().await;
    let wang = "{ people(filter: { search: \"王芳\" }) { nodes { id version } } }";
    let wang = client.query(wang).await.expect_data()["people"]["nodes"][0].clone();
    let named = json!({ "id": wang["id"], "expectedVersion": wang["version"],
        "patch": { "name": "王𠮷" } });
    done(&client, "personUpdate", named).await;
    let before = founding.app.database.contents().await;
    let issue = Issue {
        event: Some(founding.event),
        what: IssueWhat::Letters(None),
        on: None,
        languages: Some(PaperLanguages::Chinese),
        send: false,
        effect: Effect::Apply,
    };
    let office = Founding::office();
    let store = &founding.app.store;
    let told = store
        .issue_credentials(&STAGEHAND, issue, &office, None)
        .await;
    let Err(Error::Refused(told)) = told else {
        panic!("no font has it");
    };
    let told = told.to_string();
    assert!(told.contains('𠮷'), "{told}");
    assert_eq!(founding.app.database.contents().await, before);
}
