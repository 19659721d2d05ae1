//! The page of whoever was given something.

use chrono::TimeDelta;
use domain::credential::{CredentialKind, PaperLanguages};
use persistence::IssueWhat;
use poem::http::Method;
use tests::{Backend, both};

use super::papers::{Papers, of_kind, pdf};
use super::{Got, asked, reviewed};

both!(
    the_holder_reads_what_they_were_given,
    an_appointment_is_accepted_once,
    what_does_not_hold_is_not_accepted,
    nothing_but_an_appointment_is_accepted,
    a_secret_opens_one_thing_and_a_forged_one_nothing
);

const FORM: &str = "application/x-www-form-urlencoded";

async fn accept(papers: &Papers, secret: &str) -> Got {
    let path = format!("/credential/{secret}");
    papers.post(&path, FORM, b"accept=yes").await
}

async fn the_holder_reads_what_they_were_given(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    let secret = papers.secret(&letter).await;
    let path = format!("/credential/{secret}");
    let document = format!("{path}.pdf");
    let early = papers.read(&path, "en").await;
    assert!(early.page(200).contains("being made"), "{}", early.text());
    assert!(!early.text().contains(".pdf"), "{}", early.text());
    papers.read(&document, "en").await.page(404);
    papers.print().await;

    let before = papers.app.database.contents().await;
    let english = papers.read(&path, "en").await;
    reviewed!("credential-en.html", english.page(200), secret => "SECRET");
    let chinese = papers.read(&path, "zh").await;
    reviewed!("credential-zh.html", chinese.page(200), secret => "SECRET");
    papers
        .get(&format!("{path}?accept=yes"), &[])
        .await
        .page(200);
    let read = papers.get(&document, &[]).await;
    assert_eq!(read.status, 200);
    assert_eq!(read.bytes, pdf(&letter));
    assert_eq!(read.header("content-type"), "application/pdf");
    assert_eq!(read.header("cache-control"), "private, no-cache");
    for path in [&path, &document] {
        let head = asked(&papers.app, Method::HEAD, path, &[], None).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    }
    let put = asked(&papers.app, Method::PUT, &path, &[], None).await;
    put.expect(405);
    assert!(before == papers.app.database.contents().await);
}

async fn an_appointment_is_accepted_once(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [letter, _] = papers.letters().await;
    papers.print().await;
    let secret = papers.secret(&letter).await;
    let path = format!("/credential/{secret}");
    let before = papers.app.database.contents().await;
    for sent in ["", "accept=", "accept=no", "accept"] {
        let again = papers.post(&path, FORM, sent.as_bytes()).await;
        assert!(again.page(400).contains("<form"), "{sent}");
    }
    assert!(before == papers.app.database.contents().await);

    let taken = accept(&papers, &secret).await;
    taken.expect(303);
    // Relative to the page: whatever path the installation is reached at.
    assert_eq!(taken.header("location"), secret);
    let now = papers.now(&letter).await;
    assert_eq!(now.accepted_at, Some(papers.store().now()));
    let english = papers.read(&path, "en").await;
    reviewed!("credential-accepted-en.html", english.page(200), secret => "SECRET");
    let chinese = papers.read(&path, "zh").await;
    reviewed!("credential-accepted-zh.html", chinese.page(200), secret => "SECRET");

    // Once more, later: it stays as it was.
    papers.app.clock.advance(TimeDelta::hours(1));
    let before = papers.app.database.contents().await;
    accept(&papers, &secret).await.expect(303);
    assert!(before == papers.app.database.contents().await);
    let log = "SELECT reason AS value FROM audit_entry WHERE reason LIKE '%holder accepted%'";
    assert_eq!(papers.app.database.texts(log).await.len(), 1);
}

async fn what_does_not_hold_is_not_accepted(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [wang, ada] = papers.letters().await;
    papers.print().await;
    let (of_wang, of_ada) = (papers.secret(&wang).await, papers.secret(&ada).await);
    papers.revoke(&ada, "She said no").await;
    let anew = papers.reissue(&wang).await;
    let of_anew = papers.secret(&anew).await;
    papers.app.clock.advance(TimeDelta::days(400));
    for (secret, state) in [
        (&of_ada, "Revoked"),
        (&of_wang, "Superseded"),
        (&of_anew, "Expired"),
    ] {
        let before = papers.app.database.contents().await;
        let path = format!("/credential/{secret}");
        let shown = papers.read(&path, "en").await;
        let text = shown.page(200);
        assert!(text.contains(state) && !text.contains("<form"), "{text}");
        let refused = accept(&papers, secret).await;
        let text = refused.page(409);
        assert!(
            text.contains("problem") && !text.contains("<form"),
            "{text}"
        );
        assert!(before == papers.app.database.contents().await);
    }
    // What was issued stays to be read.
    let document = papers.get(&format!("/credential/{of_ada}.pdf"), &[]).await;
    assert_eq!(document.bytes, pdf(&ada));
}

async fn nothing_but_an_appointment_is_accepted(backend: Backend) {
    let papers = Papers::new(backend).await;
    let all = papers
        .issue(IssueWhat::Awards(None), PaperLanguages::Chinese)
        .await;
    papers.print().await;
    let certificate = of_kind(&all, CredentialKind::AwardCertificate);
    let secret = papers.secret(certificate).await;
    let before = papers.app.database.contents().await;
    let shown = papers.read(&format!("/credential/{secret}"), "zh").await;
    reviewed!("credential-award-zh.html", shown.page(200), secret => "SECRET");
    accept(&papers, &secret).await.page(409);
    assert!(before == papers.app.database.contents().await);
}

async fn a_secret_opens_one_thing_and_a_forged_one_nothing(backend: Backend) {
    let papers = Papers::new(backend).await;
    let [wang, ada] = papers.letters().await;
    papers.print().await;
    let (of_wang, of_ada) = (papers.secret(&wang).await, papers.secret(&ada).await);
    let last = if of_wang.ends_with('a') { "b" } else { "a" };
    let before = papers.app.database.contents().await;
    let half = of_wang.len() / 2;
    for forged in [
        format!("{}{last}", &of_wang[..of_wang.len() - 1]),
        format!("{}{}", &of_wang[..half], &of_ada[half..]),
        of_wang[..half].to_owned(),
        wang.id.to_string(),
        wang.code.compact(),
        "%00".to_owned(),
    ] {
        if forged == of_wang || forged == of_ada {
            continue;
        }
        let path = format!("/credential/{forged}");
        let shown = papers.read(&path, "zh").await;
        assert!(shown.page(404).contains("此链接无效"), "{forged}");
        papers.get(&format!("{path}.pdf"), &[]).await.page(404);
        accept(&papers, &forged).await.page(404);
    }
    assert!(before == papers.app.database.contents().await);
}
