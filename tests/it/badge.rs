//! Badges, as wallets and those who verify them meet them: the token, the keys, the list of what was taken back.

use credentials::{StatusList, VerifiedBadge, verify_badge};
use domain::id::CredentialId;
use poem::http::StatusCode;
use serde_json::{Value, json};
use tests::{Backend, TestApp, badge_key, both, former_badge_key};

use crate::doing::{done, made};

both!(
    a_badge_is_verified_until_it_is_taken_back,
    nobody_gets_a_badge_without_the_secret
);

const EVENT: &str = "
key: forum
language: en
title: The Forum
visibility: PUBLIC
time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }
organizations: [{ key: host, kind: UNIVERSITY, name: Example University }]
people: [{ key: ada, name: Ada Example, email: ada@example.org }, { key: bo, name: Bo Example }]
roles: [{ role: HOST, organization: host }]
participants: [{ person: ada }, { person: bo }]
";

/// Two whose letters were issued.
struct Issued {
    app: TestApp,
    token: String,
    /// Their credentials, in the order of the numbers.
    credentials: Vec<CredentialId>,
}

impl Issued {
    async fn new(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, EVENT).await;
        app.publish(event.id).await;
        let token = app
            .token(&home, domain::access::Role::Organizer, None)
            .await;
        let client = app.bearer(&token);
        let asked = "{ event(slug: \"forum\") { organizations { organization { id } }
            participants { nodes { person { id } } } } }";
        let data = client.query(asked).await.expect_data()["event"].clone();
        let host = data["organizations"][0]["organization"]["id"].clone();
        for one in data["participants"]["nodes"].as_array().expect("people") {
            let letter = json!({ "eventId": event.id.to_string(),
                "appointeeId": one["person"]["id"], "bodyId": host, "post": "Adviser",
                "since": "2025-02-01", "until": "2026-01-31", "issuerIds": [host] });
            made(&client, "letterDraft", letter).await;
        }
        let issue = json!({ "eventId": event.id.to_string(), "languages": "ENGLISH" });
        let issued = done(&client, "letterIssue", issue).await;
        let credentials = issued["credentials"]
            .as_array()
            .expect("credentials")
            .iter();
        let credentials = credentials.map(|one| {
            let id = one["id"].as_str().expect("an id");
            id.parse().expect("an id")
        });
        Self {
            credentials: credentials.collect(),
            app,
            token,
        }
    }

    async fn get(&self, path: &str) -> (StatusCode, String, String) {
        let response = self.app.http().get(path).send().await.0;
        let kind = response.content_type().unwrap_or_default().to_owned();
        let status = response.status();
        let text = response.into_body().into_string().await.expect("text");
        (status, kind, text)
    }

    async fn badge_of(&self, place: usize) -> (StatusCode, String) {
        let id = self.credentials[place];
        let secret = self
            .app
            .store
            .credential_secret(id)
            .await
            .expect("a secret");
        let (status, kind, text) = self.get(&format!("/credential/{secret}/badge.jwt")).await;
        if status == StatusCode::OK {
            assert_eq!(kind, "application/vc+jwt");
        }
        (status, text)
    }

    async fn in_graph(&self, place: usize) -> Value {
        let client = self.app.bearer(&self.token);
        let id = self.credentials[place].to_string();
        let asked = format!("{{ node(id: \"{id}\") {{ ... on Credential {{ openBadge }} }} }}");
        client.query(&asked).await.expect_data()["node"]["openBadge"].clone()
    }

    fn verified(&self, badge: &str) -> VerifiedBadge {
        let keys = [badge_key().public_key().clone()];
        let now = self.app.store.now();
        verify_badge(badge, &keys, now).expect("a good badge")
    }

    async fn list(&self) -> StatusList {
        let (status, kind, text) = self.get("/badges/status/home").await;
        assert_eq!(
            (status, kind.as_str()),
            (StatusCode::OK, "application/vc+jwt")
        );
        let keys = [badge_key().public_key().clone()];
        StatusList::read(&text, &keys).expect("a list")
    }
}

async fn a_badge_is_verified_until_it_is_taken_back(backend: Backend) {
    let issued = Issued::new(backend).await;
    let (status, badge) = issued.badge_of(0).await;
    assert_eq!(status, StatusCode::OK, "{badge}");
    // Asked again, it is the same; and who may see letters reads the same in the graph.
    assert_eq!(issued.badge_of(0).await.1, badge);
    assert_eq!(issued.in_graph(0).await, badge.as_str());
    let verified = issued.verified(&badge);
    assert!(
        verified.is_of("Ada@example.org"),
        "{:#}",
        verified.credential
    );
    assert!(!verified.is_of("bo@example.org"));
    let said = verified.credential.to_string();
    assert!(!said.contains("Ada") && !said.contains("ada@"), "{said}");
    let achievement = &verified.credential["credentialSubject"]["achievement"];
    assert_eq!(achievement["name"], "Adviser, Example University");
    // The last day is a whole one, in China.
    assert_eq!(verified.credential["validUntil"], "2026-01-31T16:00:00Z");
    assert_eq!(
        verified.credential["iss"],
        "https://convoke.example.org/badges/issuers/home"
    );
    let (_, other) = issued.badge_of(1).await;
    let other = issued.verified(&other);
    let (first, second) = (
        verified.status.expect("a list"),
        other.status.expect("a list"),
    );
    assert_eq!(first.list, "https://convoke.example.org/badges/status/home");
    assert_eq!((first.index, second.index), (0, 1));

    // The keys are those that it names.
    let (status, kind, keys) = issued.get("/.well-known/jwks.json").await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::OK, "application/jwk-set+json")
    );
    let keys: Value = keys.parse().expect("JSON");
    assert_eq!(keys["keys"][0]["kid"], verified.kid.as_str());
    // What an older key signed is still good.
    assert_eq!(
        keys["keys"][1]["kid"],
        former_badge_key().public_key().kid()
    );
    let (status, _, profile) = issued.get("/badges/issuers/home").await;
    assert_eq!(status, StatusCode::OK);
    let profile: Value = profile.parse().expect("JSON");
    assert_eq!(profile["id"], verified.credential["iss"]);

    let is_revoked = |list: &StatusList, index| list.is_revoked(index).expect("an entry");
    let list = issued.list().await;
    assert!(!is_revoked(&list, 0) && !is_revoked(&list, 1));
    let client = issued.app.bearer(&issued.token);
    let revoke = json!({ "id": issued.credentials[0].to_string(), "expectedVersion": 1,
        "reason": "a mistake" });
    done(&client, "credentialRevoke", revoke).await;
    let list = issued.list().await;
    assert!(is_revoked(&list, 0) && !is_revoked(&list, 1));
    // It is given out no longer; who has it has it.
    assert_eq!(issued.badge_of(0).await.0, StatusCode::NOT_FOUND);
    assert_eq!(issued.in_graph(0).await, Value::Null);

    // Issued anew, it has another place.
    let again = json!({ "id": issued.credentials[1].to_string(), "expectedVersion": 1 });
    let again = done(&client, "credentialReissue", again).await;
    let list = issued.list().await;
    assert!(is_revoked(&list, 1) && !is_revoked(&list, 2));
    assert_eq!(again["issuedCount"], 1, "{again:#}");
}

async fn nobody_gets_a_badge_without_the_secret(backend: Backend) {
    let issued = Issued::new(backend).await;
    let secret = issued
        .app
        .store
        .credential_secret(issued.credentials[0])
        .await;
    let secret = secret.expect("a secret");
    let other = issued
        .app
        .store
        .credential_secret(issued.credentials[1])
        .await;
    let other = other.expect("a secret");
    // The id of one with the proof of another.
    let half = secret.len() / 2;
    let mixed = format!("{}{}", &secret[..half], &other[half..]);
    for wrong in [mixed.as_str(), "", "x", &issued.credentials[0].to_string()] {
        let (status, _, text) = issued.get(&format!("/credential/{wrong}/badge.jwt")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}: {text}");
    }
    for nowhere in [
        "/badges/status/away",
        "/badges/status/No%20slug",
        "/badges/issuers/away",
    ] {
        assert_eq!(
            issued.get(nowhere).await.0,
            StatusCode::NOT_FOUND,
            "{nowhere}"
        );
    }
}
