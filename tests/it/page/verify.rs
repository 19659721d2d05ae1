//! The page on which anybody asks what a letter or a certificate is worth.

use chrono::TimeDelta;
use domain::credential::CredentialKind;
use poem::http::Method;
use serde_json::Value;
use tests::{Backend, both};

use super::papers::{Papers, of_kind, pdf};
use super::{asked, reviewed};

both!(
    a_paper_is_shown_as_it_is,
    a_code_is_read_as_people_type_it,
    a_paper_that_does_not_hold_says_why,
    what_there_is_not_is_not_found,
    who_looks_for_codes_is_made_to_wait,
    a_document_is_known_byte_for_byte,
    what_is_no_file_is_refused,
    to_ask_changes_nothing_and_costs_little
);

async fn a_paper_is_shown_as_it_is(backend: Backend) {
    let papers = Papers::new(backend).await;
    let all = papers.everything().await;
    let letter = format!("/verify/{}", all[0].code.compact());
    let english = papers.read(&letter, "en-GB,en;q=0.9").await;
    reviewed!("verify-en.html", english.page(200));
    assert_eq!(english.header("x-robots-tag"), "noindex");
    assert_eq!(english.header("vary"), "Accept, Accept-Language");
    let chinese = papers.read(&letter, "zh-CN").await;
    reviewed!("verify-zh.html", chinese.page(200));
    // Nobody speaks it here: as the event does.
    assert_eq!(papers.read(&letter, "fr").await.text(), chinese.text());

    let told = papers.json(&letter).await;
    assert_eq!(
        told.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(told.header("x-robots-tag"), "noindex");
    let pretty: Value = serde_json::from_str(told.expect(200)).expect("JSON");
    reviewed!("verify.json", &format!("{pretty:#}"));
    let by_name = papers.get(&format!("{letter}.json"), &[]).await;
    assert_eq!(by_name.expect(200), told.text());
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    papers.get(&letter, &[("Accept", browser)]).await.page(200);

    // In English alone, whoever reads it: so says the paper.
    for (kind, name) in [
        (CredentialKind::Plaque, "verify-plaque-zh.html"),
        (
            CredentialKind::AttendanceCertificate,
            "verify-attendance-zh.html",
        ),
    ] {
        let path = format!("/verify/{}", of_kind(&all, kind).code.compact());
        reviewed!(name, papers.read(&path, "zh").await.page(200));
    }
}

async fn a_code_is_read_as_people_type_it(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    let (compact, typed) = (letter.code.compact(), letter.code.to_string());
    let shown = papers.get(&format!("/verify/{compact}"), &[]).await;
    for other in [
        typed.clone(),
        typed.to_lowercase(),
        typed.replace('-', "%20"),
        typed.replace('-', "%E2%80%93"),
        compact.replace('0', "O"),
        compact.replace('0', "%EF%BC%90"),
    ] {
        let path = format!("/verify/{other}");
        assert_eq!(papers.get(&path, &[]).await.page(200), shown.text());
        let sent = papers.get(&format!("/verify?code={other}"), &[]).await;
        sent.expect(303);
        assert_eq!(sent.header("location"), format!("verify/{typed}"));
    }
}

async fn a_paper_that_does_not_hold_says_why(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [wang, ada] = papers.letters().await;
    let page = |code: &str| format!("/verify/{code}");
    let (of_wang, of_ada) = (page(&wang.code.compact()), page(&ada.code.compact()));
    papers.app.clock.advance(TimeDelta::hours(20));
    papers.revoke(&ada, "A <mistake>,\nand ours").await;
    let anew = papers.reissue(&wang).await;
    for (name, path) in [("revoked", &of_ada), ("superseded", &of_wang)] {
        let english = papers.read(path, "en").await;
        reviewed!(format!("verify-{name}-en.html"), english.page(200));
        let chinese = papers.read(path, "zh").await;
        reviewed!(format!("verify-{name}-zh.html"), chinese.page(200));
        let told: Value = serde_json::from_str(papers.json(path).await.expect(200)).expect("JSON");
        reviewed!(format!("verify-{name}.json"), &format!("{told:#}"));
    }
    // The last day is a day of the term, by the clocks of the event.
    let anew = page(&anew.code.compact());
    papers.app.clock.advance(TimeDelta::days(363));
    let last = papers.read(&anew, "en").await;
    assert!(last.page(200).contains(">Valid<"), "{}", last.text());
    papers.app.clock.advance(TimeDelta::hours(9));
    let english = papers.read(&anew, "en").await;
    reviewed!("verify-expired-en.html", english.page(200));
    let chinese = papers.read(&anew, "zh").await;
    reviewed!("verify-expired-zh.html", chinese.page(200));
    let told = papers.json(&anew).await;
    assert!(told.expect(200).contains(r#""status":"EXPIRED""#));
}

async fn what_there_is_not_is_not_found(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    let code = letter.code.compact();
    let near = format!("{}Z", &code[..15]);
    let unknown = papers.read(&format!("/verify/{near}"), "en").await;
    reviewed!("verify-unknown-en.html", unknown.page(404));
    assert_eq!(unknown.header("x-robots-tag"), "noindex");
    // As near as can be, or no code at all: it is the same answer.
    for (other, typed) in [
        ("7K3M-9QXT-0A2B-ZZ1W", "7K3M-9QXT-0A2B-ZZ1W"),
        (&code[..15], &code[..15]),
        ("%3Cb%3E", "&lt;b&gt;"),
        ("%00", "\0"),
    ] {
        let got = papers.read(&format!("/verify/{other}"), "en").await;
        assert_eq!(got.page(404), unknown.text().replace(&near, typed));
    }
    let typed = papers.read("/verify?code=%3Cb%3E%22", "zh").await;
    reviewed!("verify-unknown-zh.html", typed.page(404));
    for path in [format!("/verify/{near}.json"), "/verify/a.json".to_owned()] {
        let told = papers.get(&path, &[]).await;
        let told: Value = serde_json::from_str(told.expect(404)).expect("JSON");
        assert_eq!(told["errors"][0]["extensions"]["code"], "NOT_FOUND");
        let message = told["errors"][0]["message"].as_str();
        assert!(message.is_some_and(|message| message.contains("no letter or certificate")));
    }
}

async fn who_looks_for_codes_is_made_to_wait(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    papers.print().await;
    let good = format!("/verify/{}", letter.code.compact());
    for _ in 0..30 {
        papers.get(&good, &[]).await.page(200);
    }
    for number in 0..18 {
        let path = format!("/verify/7K3M9QXT0A2BZZ{number:02}");
        papers.get(&path, &[]).await.page(404);
    }
    // Whatever asks: it is counted together.
    let stranger = papers.app.anonymous();
    let graph = |code: &str| format!("{{ verification(code: \"{code}\") {{ number }} }}");
    stranger.query(&graph("what")).await.expect_data();
    let changed = papers.post("/verify", "application/pdf", b"%PDF").await;
    changed.page(404);
    // That was the twentieth in vain. Who has a paper learns what it is worth all the same.
    let bad = "/verify/7K3M9QXT0A2BZZ99";
    papers.read(&good, "en").await.page(200);
    let wait = papers.read(bad, "en").await;
    reviewed!("verify-wait-en.html", wait.page(429));
    assert_eq!(wait.header("retry-after"), "60");
    stranger
        .query(&graph(&letter.code.to_string()))
        .await
        .expect_data();
    let answer = stranger.query(&graph("what")).await;
    assert_eq!(answer.body["data"]["verification"], Value::Null);
    answer.expect_error("RATE_LIMITED");
    papers.app.clock.advance(TimeDelta::seconds(20));
    let wait = papers.json(bad).await;
    let told: Value = serde_json::from_str(wait.expect(429)).expect("JSON");
    assert_eq!(told["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(wait.header("retry-after"), "40");
    papers.get("/verify?code=what", &[]).await.page(429);
    let file = pdf(&letter);
    let sent = papers.post("/verify", "application/pdf", &file).await;
    sent.page(429);
    // The form is there all the while.
    papers.get("/verify", &[]).await.page(200);
    papers.app.clock.advance(TimeDelta::seconds(40));
    papers.get(&good, &[]).await.page(200);
    papers.get("/verify/what", &[]).await.page(404);
    papers.get(&good, &[]).await.page(200);
}

fn in_a_form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n\
         --b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()
}

const FORM: &str = "multipart/form-data; boundary=b";

async fn a_document_is_known_byte_for_byte(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    let file = pdf(&letter);
    // It is that of nothing until it is on file.
    let sent = papers.post("/verify", "application/pdf", &file).await;
    sent.page(404);
    papers.print().await;
    let sent = papers
        .post("/verify", FORM, &in_a_form("file", &file))
        .await;
    reviewed!("verify-file-zh.html", sent.page(200));
    let raw = papers.post("/verify", "application/pdf", &file).await;
    assert_eq!(raw.page(200), sent.text());
    let headers = [
        ("Content-Type", "application/pdf"),
        ("Accept", "application/json"),
    ];
    let post =
        async |file: &[u8]| asked(&papers.app, Method::POST, "/verify", &headers, Some(file)).await;
    let told: Value = serde_json::from_str(post(&file).await.expect(200)).expect("JSON");
    assert_eq!(told["code"], letter.code.to_string());
    let document = papers.now(&letter).await.document;
    assert_eq!(told["documentHash"].as_str(), document.as_deref());

    let changed = [file.as_slice(), b"\n"].concat();
    let sent = papers
        .post("/verify", FORM, &in_a_form("file", &changed))
        .await;
    reviewed!("verify-changed-en.html", sent.page(404));
    let told: Value = serde_json::from_str(post(&changed).await.expect(404)).expect("JSON");
    assert_eq!(told["errors"][0]["extensions"]["code"], "NOT_FOUND");

    // It is what was issued, and holds no longer.
    papers.revoke(&letter, "A mistake").await;
    let told: Value = serde_json::from_str(post(&file).await.expect(200)).expect("JSON");
    assert_eq!(told["status"], "REVOKED");
}

async fn what_is_no_file_is_refused(backend: Backend) {
    let papers = Papers::new(backend).await;
    for (media, body, status) in [
        (FORM, in_a_form("file", b""), 400),
        (FORM, in_a_form("elsewhere", b"%PDF"), 400),
        (FORM, b"--b\r\nnothing".to_vec(), 400),
        ("multipart/form-data", b"--b".to_vec(), 400),
        ("application/pdf", Vec::new(), 400),
        ("text/plain", b"%PDF".to_vec(), 415),
        ("application/pdf", vec![b' '; 33 * 1024 * 1024], 413),
    ] {
        let sent = papers.post("/verify", media, &body).await;
        assert!(sent.page(status).contains("<form"), "{media}");
    }
    let put = asked(&papers.app, Method::PUT, "/verify", &[], None).await;
    put.expect(405);
}

async fn to_ask_changes_nothing_and_costs_little(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    papers.print().await;
    let before = papers.app.database.contents().await;
    let good = format!("/verify/{}", letter.code.compact());
    for path in ["/verify", &good, &format!("{good}.json"), "/verify/what"] {
        let got = papers.get(path, &[]).await;
        let head = asked(&papers.app, Method::HEAD, path, &[], None).await;
        assert_eq!((head.status, head.bytes.len()), (got.status, 0), "{path}");
        assert_eq!(head.header("content-type"), got.header("content-type"));
    }
    papers
        .post("/verify", "application/pdf", &pdf(&letter))
        .await
        .page(200);
    assert!(before == papers.app.database.contents().await);
    let cost = async |path: &str| {
        let before = papers.store().statements();
        papers.get(path, &[]).await;
        papers.store().statements() - before
    };
    assert_eq!(cost(&good).await, 3);
    assert_eq!(cost("/verify/what").await, 0);
    papers.reissue(&letter).await;
    assert_eq!(cost(&good).await, 4);
    let form = papers.read("/verify", "en").await;
    reviewed!("verify-form-en.html", form.page(200));
    let form = papers.read("/verify", "zh").await;
    reviewed!("verify-form-zh.html", form.page(200));
}
