//! The documents of what was issued, for those who may see it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use chrono::TimeDelta;
use domain::access::Role;
use domain::credential::{CredentialKind, PaperLanguages};
use persistence::IssueWhat;
use poem::http::Method;
use serde_json::Value;
use tests::{Backend, both};

use super::asked;
use super::papers::{Papers, of_kind, pdf};

both!(
    a_document_is_read_by_who_may_see_it,
    the_documents_of_an_event_come_together,
    as_many_documents_come_as_there_are
);

async fn a_document_is_read_by_who_may_see_it(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, other] = papers.letters().await;
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let viewer = papers.app.token(&papers.home, Role::Viewer, None).await;
    let elsewhere = papers.app.workspace("elsewhere").await;
    let stranger = papers.app.token(&elsewhere, Role::Owner, None).await;
    let narrow = papers.app.token(&papers.home, Role::Owner, Some(&[])).await;
    let path = format!("/documents/{}.pdf", letter.id);
    papers.as_bearer(&path, &organiser).await.expect(404);
    papers.print().await;

    let read = papers.as_bearer(&path, &organiser).await;
    assert_eq!(read.status, 200);
    assert_eq!(read.bytes, pdf(&letter));
    assert_eq!(read.header("content-type"), "application/pdf");
    assert_eq!(
        read.header("content-disposition"),
        "inline; filename=\"__2025_7_1_.pdf\"; \
         filename*=UTF-8''%E8%81%98%E3%80%942025%E3%80%957_1%E5%8F%B7.pdf"
    );
    assert_eq!(read.header("cache-control"), "private, no-cache");
    let hash = papers.now(&letter).await.document.expect("a document");
    assert_eq!(read.header("etag"), format!("\"{hash}\""));
    let plain = format!("/documents/{}.pdf", other.id);
    let plain = papers.as_bearer(&plain, &viewer).await;
    let named = format!("inline; filename=\"{}.pdf\"", other.number);
    assert_eq!(plain.header("content-disposition"), named);

    let bearer = format!("Bearer {organiser}");
    let tag = format!("\"{hash}\"");
    let headers = [("Authorization", bearer.as_str()), ("If-None-Match", &tag)];
    let known = papers.get(&path, &headers).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
    let head = asked(&papers.app, Method::HEAD, &path, &headers[..1], None).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    let length = pdf(&letter).len().to_string();
    assert_eq!(head.header("content-length"), length);

    let nothing = papers.get("/documents/crd_0.pdf", &[]).await;
    for got in [
        papers.get(&path, &[]).await,
        papers.as_bearer(&path, &stranger).await,
        papers.as_bearer(&path, &narrow).await,
        papers
            .as_bearer(&path.replace(".pdf", ""), &organiser)
            .await,
        nothing,
    ] {
        let told: Value = serde_json::from_str(got.expect(404)).expect("JSON");
        assert_eq!(
            told["errors"][0]["message"],
            "there is nothing at this address"
        );
    }
    for bad in ["Bearer convoke_nothing", "Basic YTpi"] {
        let got = papers.get(&path, &[("Authorization", bad)]).await;
        let told: Value = serde_json::from_str(got.expect(401)).expect("JSON");
        assert_eq!(told["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert!(got.header("www-authenticate").starts_with("Bearer"));
    }
}

/// The names of what is in an archive, in order, each with what it holds.
fn opened(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let places = 0..archive.len();
    places
        .map(|place| {
            let mut file = archive.by_index(place).expect("a file");
            assert_eq!(file.compression(), zip::CompressionMethod::Stored);
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("bytes");
            let name = file.name().expect("a name").into_owned();
            (name, bytes)
        })
        .collect()
}

async fn the_documents_of_an_event_come_together(backend: Backend) {
    let papers = Papers::new(backend).await;
    let all = papers.everything().await;
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let path = format!("/documents/event/{}.zip", papers.event.id);
    // Nothing is made yet, and that is told.
    let files = opened(papers.as_bearer(&path, &organiser).await.bytes);
    let [(name, list)] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert_eq!(name, "not-made-yet.txt");
    let list = String::from_utf8_lossy(list);
    assert!(list.contains("\n2025-000003 示例工厂\n"), "{list}");
    assert_eq!(list.lines().count(), all.len() + 2);
    papers.print().await;
    let got = papers.as_bearer(&path, &organiser).await;
    assert_eq!(got.header("content-type"), "application/zip");
    assert_eq!(
        got.header("content-disposition"),
        "attachment; filename=\"papers-documents.zip\""
    );
    let files = opened(got.bytes);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "聘〔2025〕7_1号 王小明.pdf",
            "2025-000001 Ada _script_.pdf",
            "2025-000002 Ada _script_.pdf",
            "2025-000003 示例工厂.pdf",
            "2025-000004 王小明.pdf",
            "2025-000005 Ada _script_.pdf",
            "2025-000006 Bo Sample.pdf",
        ]
    );
    for ((_, bytes), of) in files.iter().zip(&all) {
        assert_eq!(*bytes, pdf(of));
    }

    // Of one kind, of one organization: those whom it sent, those whom it is to have, and its own.
    let some = async |query: &str| {
        let got = papers
            .as_bearer(&format!("{path}?{query}"), &organiser)
            .await;
        assert_eq!(got.status, 200, "{query}");
        let numbers = opened(got.bytes).into_iter().map(|(name, _)| {
            let number = name.split(' ').next();
            number.expect("a number").replace("2025-00000", "")
        });
        numbers.collect::<Vec<_>>()
    };
    let letter = "聘〔2025〕7_1号";
    assert_eq!(some("kind=APPOINTMENT_LETTER").await, [letter, "1"]);
    assert_eq!(some("kind=PLAQUE&organization=").await, ["3"]);
    let organization = async |name: &str| {
        let client = papers.app.bearer(organiser.clone());
        let operation =
            format!("{{ organizations(filter: {{ search: \"{name}\" }}) {{ nodes {{ id }} }} }}");
        let answer = client.query(&operation).await;
        let id = answer.expect_data()["organizations"]["nodes"][0]["id"].clone();
        id.as_str().expect("an id").to_owned()
    };
    for (name, expected) in [
        ("示例理事会", vec![letter]),
        ("示例委员会", vec!["1"]),
        ("示例工厂", vec!["3", "6"]),
        ("示例市", vec!["1", "2", "5"]),
    ] {
        let id = organization(name).await;
        assert_eq!(
            some(&format!("organization={id}")).await,
            expected,
            "{name}"
        );
    }
    let city = organization("示例市").await;
    let both = format!("organization={city}&kind=AWARD_CERTIFICATE");
    assert_eq!(some(&both).await, ["2"]);

    // What was taken back is not handed out.
    papers.revoke(&all[1], "A mistake").await;
    papers.reissue(of_kind(&all, CredentialKind::Plaque)).await;
    // What stands in its place is not made yet, and that is told.
    let unmade = "not-made-yet.txt";
    assert_eq!(some("").await, [letter, "2", "4", "5", "6", unmade]);
    papers.print().await;
    assert_eq!(some("").await, [letter, "2", "4", "5", "6", "7"]);

    let elsewhere = papers.app.workspace("elsewhere").await;
    let stranger = papers.app.token(&elsewhere, Role::Owner, None).await;
    papers.as_bearer(&path, &stranger).await.expect(404);
    papers.get(&path, &[]).await.expect(404);
    papers.app.publish(papers.event.id).await;
    papers.get(&path, &[]).await.expect(404);
    let nobody = format!(
        "{path}?organization={}",
        city.replace(&city[10..14], "0000")
    );
    papers.as_bearer(&nobody, &organiser).await.expect(404);
    for query in ["kind=LETTER", "organization=evt_1"] {
        let got = papers
            .as_bearer(&format!("{path}?{query}"), &organiser)
            .await;
        assert!(got.expect(400).contains("BAD_REQUEST"), "{query}");
    }
    let bearer = format!("Bearer {organiser}");
    let headers = [("Authorization", bearer.as_str())];
    let head = asked(&papers.app, Method::HEAD, &path, &headers, None).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
}

async fn as_many_documents_come_as_there_are(backend: Backend) {
    let mut document = "key: many\nlanguage: en\ntitle: Many\ntime: { timeZone: Asia/Shanghai, \
                        startsOn: 2025-01-01 }\npeople:\n"
        .to_owned();
    for number in 0..120 {
        writeln!(document, "- {{ key: p{number}, name: Same Name }}").expect("text");
    }
    document.push_str("participants:\n");
    for number in 0..120 {
        writeln!(document, "- {{ person: p{number}, status: ATTENDED }}").expect("text");
    }
    let papers = Papers::of(backend, &document).await;
    papers
        .issue(IssueWhat::Attendance(None), PaperLanguages::English)
        .await;
    papers.print().await;
    papers.app.clock.advance(TimeDelta::days(1));
    let organiser = papers.app.token(&papers.home, Role::Organizer, None).await;
    let path = format!("/documents/event/{}.zip", papers.event.id);
    let before = papers.store().statements();
    let files = opened(papers.as_bearer(&path, &organiser).await.bytes);
    let names: BTreeSet<_> = files.iter().map(|(name, _)| name).collect();
    assert_eq!((files.len(), names.len()), (120, 120));
    assert!(files.iter().all(|(_, bytes)| bytes.starts_with(b"%PDF")));
    // Who asks, the event, and three for each fifty.
    assert!(papers.store().statements() - before < 16);
}
