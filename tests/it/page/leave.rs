//! The page on which one says that one wants no more mail.

use domain::message::SuppressionReason;
use persistence::MailSecret;
use poem::http::Method;
use tests::{Backend, both};

use super::{Forum, reviewed};

both!(
    who_wants_no_more_mail_gets_none_and_may_come_back,
    programs_say_it_in_one_go,
    only_what_one_has_said_oneself_is_taken_back,
    who_has_no_address_gets_none_anyway
);

/// The addresses that take no mail, and why.
async fn suppressed(forum: &Forum) -> Vec<String> {
    let query = "SELECT address || ' ' || reason AS value FROM suppression";
    forum.app.database.texts(query).await
}

async fn who_wants_no_more_mail_gets_none_and_may_come_back(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.ada, MailSecret::Leave).await;
    let path = format!("/leave/{secret}");
    let shown = forum.get(&path).await;
    reviewed!("leave-en.html", shown.page(200), secret => "SECRET");
    let left = forum.post(&path, "mail=none").await;
    left.expect(303);
    assert_eq!(left.header("location"), secret);
    assert_eq!(suppressed(&forum).await, ["ada@example.org UNSUBSCRIBED"]);
    let shown = forum.read(&path, "zh-CN").await;
    reviewed!("left-zh.html", shown.page(200), secret => "SECRET");
    // Whoever says it twice has said nothing new.
    forum.post(&path, "mail=none").await.expect(303);
    assert_eq!(suppressed(&forum).await.len(), 1);
    forum.post(&path, "mail=again").await.expect(303);
    assert_eq!(suppressed(&forum).await, [""; 0]);
    forum.post(&path, "mail=again").await.expect(303);
    forum.post(&path, "anything").await.page(400);
    assert_eq!(suppressed(&forum).await, [""; 0]);
}

async fn programs_say_it_in_one_go(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.ada, MailSecret::Leave).await;
    let path = format!("/leave/{secret}");
    let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
                 One-Click\r\n--b--\r\n";
    for (kind, body) in [
        (
            "application/x-www-form-urlencoded",
            "List-Unsubscribe=One-Click",
        ),
        ("multipart/form-data; boundary=b", parts),
    ] {
        let headers = [("Content-Type", kind)];
        let got = forum.ask(Method::POST, &path, &headers, Some(body)).await;
        got.expect(200);
        assert_eq!(suppressed(&forum).await, ["ada@example.org UNSUBSCRIBED"]);
        forum.post(&path, "mail=again").await.expect(303);
    }
}

async fn only_what_one_has_said_oneself_is_taken_back(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.ada, MailSecret::Leave).await;
    let path = format!("/leave/{secret}");
    forum.post(&path, "mail=none").await.expect(303);
    let bounced = SuppressionReason::Bounced;
    let bounce = format!("UPDATE suppression SET reason = '{bounced}'");
    forum.app.database.execute(&bounce).await;
    let shown = forum.get(&path).await;
    assert!(!shown.page(200).contains("<form"));
    forum.post(&path, "mail=again").await.expect(303);
    forum.post(&path, "mail=none").await.expect(303);
    assert_eq!(suppressed(&forum).await, ["ada@example.org BOUNCED"]);
}

async fn who_has_no_address_gets_none_anyway(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.bo, MailSecret::Leave).await;
    let path = format!("/leave/{secret}");
    assert!(!forum.get(&path).await.page(200).contains("<form"));
    forum
        .post(&path, "List-Unsubscribe=One-Click")
        .await
        .expect(200);
    assert_eq!(suppressed(&forum).await, [""; 0]);
}
