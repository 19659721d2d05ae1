//! Mails in an office's own words: what it has put in place of our templates is used, by it alone; and
//! whatever is wrong with it, the mail goes out.

use domain::id::EventId;
use domain::workspace::Workspace;
use notifier::transport::Outcome;
use persistence::{Effect, Going, NewMailTemplate, ParticipantFilter, ParticipantInvite};
use serde_json::{Value, json};
use tests::{Backend, Client, STAGEHAND, both};

use super::{FAST, Office, said, without_secrets};
use crate::doing::{done, in_short, made, refused, send};
use crate::invitation::DOCUMENT;
use notifier::transport::Stage;

both!(
    an_office_writes_in_its_own_words,
    a_template_that_fails_loses_no_mail_and_is_told_of,
    a_template_that_would_fail_is_refused,
    what_a_mail_would_say_is_seen_before_it_goes,
    templates_are_tried_on_made_up_mails
);

async fn home(office: &Office) -> Workspace {
    let slug = "home".parse().expect("a slug");
    let store = office.forum.store();
    let found = store.workspace_by_slug(&STAGEHAND, &slug).await;
    found.expect("workspaces").expect("the office")
}

/// What it is to be called in place of our words.
fn own(workspace: &Workspace, name: &str, source: &str) -> Value {
    json!({ "workspaceId": workspace.id.to_string(), "name": name, "source": source })
}

/// A template that nobody has looked at, as one is that was good before the program was another.
async fn smuggled(office: &Office, name: &str, source: &str) {
    let new = NewMailTemplate {
        workspace: home(office).await.id,
        name: name.to_owned(),
        source: source.to_owned(),
        seen: None,
        problems: Vec::new(),
    };
    let store = office.forum.store();
    let done = store.set_mail_template(&STAGEHAND, new, None).await;
    done.expect("a template");
}

async fn invite(office: &Office, event: EventId, going: Going) {
    let invite = ParticipantInvite {
        event,
        people: Vec::new(),
        participants: Vec::new(),
        organizations: Vec::new(),
        like: Some(ParticipantFilter::default()),
        answer_by: None,
        note: None,
        going,
        effect: Effect::Apply,
    };
    let store = office.forum.store();
    let invited = store.invite_participants(&STAGEHAND, invite, None).await;
    invited.expect("they are invited");
}

async fn an_office_writes_in_its_own_words(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let app = &office.forum.app;
    let home = home(&office).await;
    let client = app.as_organiser(&home).await;
    let subject = own(
        &home,
        "en/invitation.subject.txt",
        "Come to {{ event.title }}",
    );
    let subject = made(&client, "mailTemplateSet", subject).await;
    let text = "Dear {{ recipient.name }}, {{ answer.yes }}";
    done(
        &client,
        "mailTemplateSet",
        own(&home, "en/invitation.txt", text),
    )
    .await;

    let away = app.workspace("away").await;
    let elsewhere = app.import(&away, DOCUMENT).await.id;
    app.publish(elsewhere).await;
    office.forum.invite(Effect::Apply).await;
    invite(&office, elsewhere, Going::Now).await;
    let sent = office.send().await;
    let mut subjects: Vec<_> = sent.iter().map(|one| one.subject.as_str()).collect();
    subjects.sort_unstable();
    let entry = "For your calendar: The talk (The Forum)";
    assert_eq!(
        subjects,
        [
            "Come to The Forum",
            entry,
            entry,
            "Invitation: The Forum, 1 February 2025"
        ]
    );
    let ours = sent.iter().find(|one| one.subject == "Come to The Forum");
    let ours = without_secrets(&ours.expect("a mail").text).replace("\r\n", "\n");
    assert!(
        ours.starts_with("Dear Ada Example,\nhttps://") && ours.contains("/answer/[secret]"),
        "{ours}"
    );
    // Nothing was wrong, and nothing is said.
    let reasons = "SELECT COALESCE(reason, '') AS value FROM delivery WHERE state = 'SENT'";
    assert_eq!(app.database.texts(reasons).await, [""; 4]);

    // What is changed is used from the next mail on.
    let changed = own(&home, "en/agenda_changed.subject.txt", "Look again");
    done(&client, "mailTemplateSet", changed).await;
    office.forum.talk_is_later().await;
    let subjects: Vec<_> = office
        .send()
        .await
        .into_iter()
        .map(|one| one.subject)
        .collect();
    assert_eq!(subjects, ["Look again"]);

    let listed = "{ workspace(slug: \"home\") { mailTemplates {
        name kind language part source builtInSource isOverridden version template { id } } } }";
    let answer = client.query(listed).await;
    let all = answer.expect_data()["workspace"]["mailTemplates"].clone();
    let all = all.as_array().expect("templates");
    assert_eq!(all.len(), 48);
    let found = all
        .iter()
        .find(|one| one["name"] == "en/invitation.subject.txt");
    let mut found = found.expect("the subject").clone();
    let built_in = found["builtInSource"].take();
    assert!(
        built_in
            .as_str()
            .is_some_and(|ours| ours.contains("event.")),
        "{built_in}"
    );
    assert_eq!(
        found,
        json!({ "name": "en/invitation.subject.txt", "kind": "INVITATION", "language": "en",
            "part": "SUBJECT", "source": "Come to {{ event.title }}", "builtInSource": null,
            "isOverridden": true, "version": 1, "template": { "id": subject.id } })
    );
    let theirs = all.iter().filter(|one| one["isOverridden"] == true).count();
    assert_eq!(theirs, 3);

    let seen = json!({ "id": subject.id, "expectedVersion": 1 });
    let gone = done(&client, "mailTemplateReset", seen).await;
    assert_eq!(gone["removedId"], subject.id);
    let answer = client.query(listed).await;
    let all = answer.expect_data()["workspace"]["mailTemplates"].clone();
    let all = all.as_array().expect("templates").iter();
    assert_eq!(all.filter(|one| one["isOverridden"] == true).count(), 2);
}

async fn a_template_that_fails_loses_no_mail_and_is_told_of(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let app = &office.forum.app;
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
    for (name, source) in [
        ("en/invitation.subject.txt", "Come to {{ event.titel }}"),
        ("en/invitation.txt", "one\n{% if %}"),
        ("en/invitation.html", endless),
        // What is of no kind of mail any more is passed over.
        ("en/welcome.txt", "Welcome"),
    ] {
        smuggled(&office, name, source).await;
    }
    // It is not taken on at first: what was wrong when it was written is not forgotten over that.
    let busy = || Outcome::Deferred(said(451, "4.3.0 try again later", Stage::Content));
    office.server.answer([busy(), busy()]);
    office.forum.invite(Effect::Apply).await;
    office.dispatcher.drain().await;
    app.clock.advance(chrono::TimeDelta::minutes(2));
    let sent = office.send().await;
    assert_eq!(sent.len(), 2, "{sent:#?}");
    let asked = sent
        .iter()
        .find(|one| one.subject.starts_with("Invitation"));
    let asked = asked.expect("the invitation");
    assert_eq!(asked.subject, "Invitation: The Forum, 1 February 2025");
    assert!(asked.text.contains("Dear Ada Example"), "{asked:#?}");

    let client = app.as_organiser(&home(&office).await).await;
    let operation = "{ event(slug: \"forum\") { messages(filter: { kind: [INVITATION] }) { nodes {
        deliveries(filter: { state: [SENT] }) { nodes { kind reason } } } } } }";
    let answer = client.query(operation).await;
    let message = &answer.expect_data()["event"]["messages"]["nodes"][0];
    let told: Vec<_> = message["deliveries"]["nodes"]
        .as_array()
        .expect("mails")
        .iter()
        .map(|one| (one["kind"].as_str(), one["reason"].as_str()))
        .collect();
    let why = "the built-in words were used: \
               the template en/invitation.subject.txt names something that there is not (line 1); \
               the template en/invitation.txt cannot be read: unexpected end of block (line 2); \
               the template en/invitation.html does not come to an end (line 1)";
    assert!(told.contains(&(Some("INVITATION"), Some(why))), "{told:#?}");
    assert!(
        told.iter().filter(|one| one.1.is_some()).count() == 1,
        "{told:#?}"
    );
}

async fn a_template_that_would_fail_is_refused(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let app = &office.forum.app;
    let home = home(&office).await;
    let client = app.as_organiser(&home).await;
    for (name, source, said) in [
        (
            "en/invitation.txt",
            "one\n{% if %}",
            "cannot be read: unexpected end of block (line 2)",
        ),
        (
            "en/invitation.html",
            "one\n\n{{ event.titel }}",
            "names something that there is not (line 3)",
        ),
        ("en/invitation.subject.txt", "{{ '' }}", "says nothing"),
    ] {
        let errors = refused(app, &client, "mailTemplateSet", own(&home, name, source)).await;
        assert_eq!(in_short(&errors), ["INVALID input.source"], "{errors:#?}");
        assert_eq!(errors[0]["message"], said);
    }
    for (input, expected) in [
        (
            own(&home, "en/welcome.txt", "x"),
            &["INVALID input.name"][..],
        ),
        (
            own(&home, "en/invitation.txt", " \n"),
            &["INVALID input.source"],
        ),
        (
            own(&home, "en/invitation.txt", "a\u{1}b"),
            &["INVALID input.source"],
        ),
        (
            own(&home, "en/invitation.txt", &"x".repeat(50_001)),
            &["INVALID input.source"],
        ),
    ] {
        let errors = refused(app, &client, "mailTemplateSet", input).await;
        assert_eq!(in_short(&errors), expected);
    }

    // Whoever has not seen what is there does not write over it; what is wrong is told at once.
    let input = |source: &str, seen: Value| {
        let mut input = own(&home, "en/invitation.txt", source);
        input["expectedVersion"] = seen;
        input
    };
    let errors = refused(app, &client, "mailTemplateSet", input("x", json!(1))).await;
    assert_eq!(in_short(&errors), ["NOT_FOUND input.expectedVersion"]);
    made(&client, "mailTemplateSet", input("one", Value::Null)).await;
    let errors = refused(app, &client, "mailTemplateSet", input("two", Value::Null)).await;
    assert_eq!(in_short(&errors), ["ALREADY_EXISTS input.name"]);
    let errors = refused(
        app,
        &client,
        "mailTemplateSet",
        input("{{ two }}", json!(7)),
    )
    .await;
    assert_eq!(
        in_short(&errors),
        [
            "INVALID input.source",
            "STALE_VERSION input.expectedVersion"
        ]
    );
    let again = made(&client, "mailTemplateSet", input("two\r\nthree", json!(1))).await;
    assert_eq!(again.version, 2);
    // As it is already, it is no other version.
    let again = made(&client, "mailTemplateSet", input("two\nthree", json!(2))).await;
    assert_eq!(again.version, 2);
    let kept = "SELECT source AS value FROM mail_template";
    assert_eq!(app.database.texts(kept).await, ["two\nthree"]);

    // Another office's are nobody else's business.
    let away = app.workspace("away").await;
    let stranger = app.as_organiser(&away).await;
    let answer = send(&stranger, "mailTemplateSet", input("x", json!(2))).await;
    answer.expect_error("NOT_FOUND");
    let viewer = app.as_viewer(&home).await;
    let answer = send(&viewer, "mailTemplateSet", input("x", json!(2))).await;
    answer.expect_error("FORBIDDEN");
}

async fn previews(client: &Client<'_>) -> Vec<Value> {
    let operation = "{ event(slug: \"forum\") { messages { nodes {
        deliveries { nodes { kind person { name } preview { subject text html
            faults { name line message } } } } } } } }";
    let answer = client.query(operation).await;
    let messages = answer.expect_data()["event"]["messages"]["nodes"].clone();
    let each = messages.as_array().expect("messages").iter();
    each.flat_map(|one| {
        one["deliveries"]["nodes"]
            .as_array()
            .expect("mails")
            .clone()
    })
    .collect()
}

async fn what_a_mail_would_say_is_seen_before_it_goes(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let app = &office.forum.app;
    let home = home(&office).await;
    let client = app.as_organiser(&home).await;
    done(
        &client,
        "mailTemplateSet",
        own(
            &home,
            "en/invitation.subject.txt",
            "Come to {{ event.title }}",
        ),
    )
    .await;
    smuggled(&office, "en/invitation.html", "{{ nothing }}").await;
    invite(&office, office.forum.event, Going::Held).await;

    let viewer = app.as_viewer(&home).await;
    let seen = previews(&viewer).await;
    let of = |kind: &str| {
        let found = seen
            .iter()
            .find(|one| one["kind"] == kind && one["person"]["name"] == "Ada Example");
        found.unwrap_or_else(|| panic!("{kind}: {seen:#?}"))["preview"].clone()
    };
    let asked = of("INVITATION");
    assert_eq!(asked["subject"], "Come to The Forum");
    assert_eq!(
        asked["faults"],
        json!([{ "name": "en/invitation.html", "line": 1,
            "message": "names something that there is not" }])
    );
    let text = asked["text"].as_str().expect("a text");
    assert!(text.contains("/answer/preview?answer=ACCEPTED"), "{text}");
    assert!(text.contains("/calendar/preview.ics"), "{text}");
    // No secret of anybody's is in it: those are as long as this.
    for one in &seen {
        let all = one["preview"].to_string();
        assert!(!without_secrets(&all).contains("[secret]"), "{all}");
    }

    // It is what is sent.
    let message = "{ event(slug: \"forum\") { messages { nodes { id version } } } }";
    let message =
        client.query(message).await.expect_data()["event"]["messages"]["nodes"][0].clone();
    let release = json!({ "id": message["id"], "expectedVersion": message["version"] });
    done(&client, "messageRelease", release).await;
    let sent = office.send().await;
    let sent = sent.iter().find(|one| one.subject == "Come to The Forum");
    let sent = without_secrets(&sent.expect("the invitation").text);
    // Secrets are longer, and lines are broken elsewhere for them.
    let words = |text: &str| -> Vec<String> {
        let text = text.replace("[secret]", "preview");
        text.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(words(&sent), words(text));
    // What was written is what it is.
    let seen = previews(&viewer).await;
    assert!(seen.iter().all(|one| one["preview"].is_null()), "{seen:#?}");
}

async fn templates_are_tried_on_made_up_mails(backend: Backend) {
    let office = Office::new(backend, FAST).await;
    let app = &office.forum.app;
    let home = home(&office).await;
    let client = app.as_organiser(&home).await;
    let chinese = own(
        &home,
        "zh-Hans/reminder.subject.txt",
        "请回复：{{ event.title }}",
    );
    done(&client, "mailTemplateSet", chinese).await;
    let operation = "query($templates: [MailTemplateTrialInput!]) { workspace(slug: \"home\") {
        chinese: messagePreview(kind: REMINDER, language: \"zh-CN\") { subject faults { name } }
        ours: messagePreview(kind: REMINDER, language: \"fr\") { subject }
        tried: messagePreview(kind: REMINDER, templates: $templates) {
            subject text html faults { name line message } } } }";
    let templates = json!({ "templates": [
        { "name": "en/reminder.subject.txt", "source": "Well, {{ recipient.name }}?" },
        { "name": "en/reminder.txt", "source": "{% if event.place %}x{% else %}\n{{ event.nowhere }}{% endif %}" },
        { "name": "en/reminder.html", "source": "{% nonsense %}" },
        // Of another mail.
        { "name": "en/invitation.txt", "source": "{% nonsense %}" },
    ] });
    let answer = client.ask(operation, templates).await;
    let told = &answer.expect_data()["workspace"];
    let subject = told["chinese"]["subject"].as_str().expect("a subject");
    assert!(subject.starts_with("请回复："), "{told:#}");
    assert_eq!(told["chinese"]["faults"], json!([]));
    assert!(
        told["ours"]["subject"]
            .as_str()
            .is_some_and(|one| one.starts_with("Will you come?")),
        "{told:#}"
    );
    let tried = &told["tried"];
    assert!(
        tried["subject"]
            .as_str()
            .is_some_and(|one| one.starts_with("Well, ")),
        "{told:#}"
    );
    assert_eq!(tried["text"], "x\n");
    assert!(
        tried["html"]
            .as_str()
            .is_some_and(|ours| ours.contains("<html")),
        "{told:#}"
    );
    assert_eq!(
        tried["faults"],
        json!([
            { "name": "en/reminder.html", "line": 1,
              "message": "cannot be read: unknown statement nonsense" },
            { "name": "en/reminder.txt", "line": 2, "message": "names something that there is not" },
        ])
    );
    let templates = json!({ "templates": [{ "name": "en/welcome.txt", "source": "x" }] });
    let answer = client.ask(operation, templates).await;
    answer.expect_error("BAD_USER_INPUT");
    // Nothing of it was kept.
    let kept = app
        .database
        .texts("SELECT name AS value FROM mail_template")
        .await;
    assert_eq!(kept, ["zh-Hans/reminder.subject.txt"]);
}
