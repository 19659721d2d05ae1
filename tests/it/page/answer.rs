//! The page on which one answers.

use domain::invitation::AnswerChannel;
use domain::participant::ParticipantState;
use persistence::{MailSecret, Seen};
use poem::http::Method;
use tests::{Backend, STAGEHAND, both};

use super::{Forum, reviewed};
use chrono::TimeDelta;

both!(
    the_page_shows_what_is_asked_in_the_readers_language,
    to_look_at_a_page_changes_nothing,
    an_answer_is_recorded_and_shown,
    no_answer_is_taken_that_is_none,
    what_opens_nothing_is_not_found,
    who_is_not_asked_any_more_cannot_answer,
    who_waits_does_not_get_a_place_by_saying_that_they_come,
    a_page_costs_the_same_whatever_stands_on_it
);

async fn page_of_ada(forum: &Forum) -> (String, String) {
    let secret = forum.secret(forum.ada, MailSecret::Answer).await;
    (format!("/answer/{secret}"), secret)
}

async fn the_page_shows_what_is_asked_in_the_readers_language(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, secret) = page_of_ada(&forum).await;
    let english = forum.read(&path, "en-GB,en;q=0.9").await;
    assert_eq!(english.header("content-language"), "en");
    reviewed!("answer-en.html", english.page(200), secret => "SECRET");
    // From the button of a mail.
    let chosen = format!("{path}?answer=DECLINED");
    let chinese = forum.read(&chosen, "zh-CN,zh;q=0.9,en;q=0.8").await;
    assert_eq!(chinese.header("content-language"), "zh-Hans");
    reviewed!("answer-zh.html", chinese.page(200), secret => "SECRET");
    // Nobody speaks it here: as the event does.
    assert_eq!(forum.read(&path, "fr").await.text(), english.text());
    assert_eq!(forum.get(&path).await.text(), english.text());
    let other = forum.get(&format!("{path}?answer=MAYBE&x=%00")).await;
    assert_eq!(other.text(), english.text());
}

async fn to_look_at_a_page_changes_nothing(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, _) = page_of_ada(&forum).await;
    let leave = forum.secret(forum.ada, MailSecret::Leave).await;
    let calendar = forum.secret(forum.ada, MailSecret::Calendar).await;
    let before = forum.app.database.contents().await;
    for path in [
        path.clone(),
        format!("{path}?answer=ACCEPTED&comment=Yes"),
        format!("/leave/{leave}?mail=none&List-Unsubscribe=One-Click"),
        format!("/calendar/{calendar}.ics"),
        format!("/events/{}.ics", forum.event),
    ] {
        let got = forum.get(&path).await;
        got.expect(200);
        let head = forum.ask(Method::HEAD, &path, &[], None).await;
        assert_eq!((head.status, head.bytes.len()), (got.status, 0), "{path}");
        assert_eq!(head.header("content-type"), got.header("content-type"));
        assert_eq!(head.header("etag"), got.header("etag"));
    }
    forum.ask(Method::PUT, &path, &[], None).await.expect(405);
    assert!(before == forum.app.database.contents().await);
}

async fn an_answer_is_recorded_and_shown(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, secret) = page_of_ada(&forum).await;
    let sent = "answer=ACCEPTED&comment=By+train%2C%0D%0Afrom+%3CBerlin%3E";
    let taken = forum.post(&path, sent).await;
    taken.expect(303);
    // Relative to the page: whatever path the installation is reached at.
    assert_eq!(taken.header("location"), secret);
    let now = forum.participant(forum.ada).await;
    assert_eq!(now.status.state(), ParticipantState::Confirmed);
    assert_eq!(now.answered_through, Some(AnswerChannel::Link));
    let invitations = forum.store().invitations(&STAGEHAND, &[forum.ada]).await;
    let reply = invitations.expect("invitations")[0].reply.clone();
    let comment = reply.and_then(|reply| reply.comment);
    assert_eq!(comment.as_deref(), Some("By train,\nfrom <Berlin>"));
    let shown = forum.get(&path).await;
    reviewed!("answered-en.html", shown.page(200), secret => "SECRET");

    // They may think better of it, and then the comment is another as well.
    forum.app.clock.advance(TimeDelta::hours(1));
    forum
        .post(&path, "comment=+&answer=DECLINED")
        .await
        .expect(303);
    let now = forum.participant(forum.ada).await;
    assert_eq!(now.status.state(), ParticipantState::Declined);
    let shown = forum.read(&path, "zh").await;
    reviewed!("answered-zh.html", shown.page(200), secret => "SECRET");
    let log = "SELECT reason AS value FROM audit_entry WHERE reason LIKE '%link%'";
    let log = forum.app.database.texts(log).await;
    assert!(
        log.iter()
            .all(|why| why == "a participant answered by their link")
    );
    // Two answers, and the mail that says of the first that it was heard.
    assert_eq!(log.len(), 3, "{log:?}");
}

async fn no_answer_is_taken_that_is_none(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, _) = page_of_ada(&forum).await;
    let before = forum.app.database.contents().await;
    for sent in ["", "answer=", "answer=PERHAPS", "comment=Yes", "{}"] {
        let text = forum.post(&path, sent).await;
        assert!(
            text.page(400).contains("press one of the buttons"),
            "{sent}"
        );
    }
    let long = format!("answer=ACCEPTED&comment={}", "x".repeat(60_000));
    let text = forum.post(&path, &long).await;
    assert!(text.page(422).contains("Your answer was not recorded"));
    let endless = format!("answer=ACCEPTED&comment={}", "x".repeat(80_000));
    forum.post(&path, &endless).await.page(400);
    let odd = forum.post(&path, "answer=ACCEPTED&comment=%00").await;
    odd.page(422);
    assert!(before == forum.app.database.contents().await);
}

async fn what_opens_nothing_is_not_found(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, secret) = page_of_ada(&forum).await;
    let leave = forum.secret(forum.ada, MailSecret::Leave).await;
    let calendar = forum.secret(forum.ada, MailSecret::Calendar).await;
    let forged = secret.replace(&secret[50..], "a");
    let before = forum.app.database.contents().await;
    for secret in [
        &leave,
        &calendar,
        &forged,
        &secret[..20].to_owned(),
        &"%00".to_owned(),
    ] {
        let shown = forum.read(&format!("/answer/{secret}"), "zh").await;
        assert!(shown.page(404).contains("此链接无效"));
        forum
            .post(&format!("/answer/{secret}"), "answer=ACCEPTED")
            .await
            .page(404);
    }
    for secret in [&secret, &calendar] {
        forum.get(&format!("/leave/{secret}")).await.page(404);
        forum
            .post(&format!("/leave/{secret}"), "mail=none")
            .await
            .page(404);
    }
    for secret in [&secret, &leave] {
        forum
            .get(&format!("/calendar/{secret}.ics"))
            .await
            .expect(404);
    }
    forum
        .get(&format!("/calendar/{calendar}"))
        .await
        .expect(404);
    let text = forum.get("/answer/x").await;
    reviewed!("unknown-en.html", text.page(404));
    assert!(before == forum.app.database.contents().await);

    // A link that was taken back takes all of them with it.
    let version = forum.participant(forum.ada).await.version;
    let seen = Seen {
        id: forum.ada,
        version,
    };
    let renewed = forum.store().renew_participant_link(&STAGEHAND, seen).await;
    renewed.expect("another link");
    forum.get(&path).await.page(404);
    forum
        .get(&format!("/calendar/{calendar}.ics"))
        .await
        .expect(404);
    forum.post(&path, "answer=ACCEPTED").await.page(404);
    let now = forum.participant(forum.ada).await;
    assert_eq!(now.status.state(), ParticipantState::Invited);
}

async fn who_is_not_asked_any_more_cannot_answer(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, secret) = page_of_ada(&forum).await;
    let bo = forum.secret(forum.bo, MailSecret::Answer).await;
    let bo = format!("/answer/{bo}");
    let closed = async |path: &str, says: &str| {
        let shown = forum.get(path).await;
        let text = shown.page(200);
        assert!(text.contains(says) && !text.contains("<form"), "{text}");
        let before = forum.app.database.contents().await;
        let refused = forum.post(path, "answer=ACCEPTED").await;
        assert!(refused.page(409).contains(says));
        assert!(before == forum.app.database.contents().await);
    };
    forum.becomes(forum.bo, ParticipantState::Cancelled).await;
    closed(&bo, "You are no longer expected at this event.").await;
    // It goes on to the second of February, by the clocks there.
    forum.app.clock.advance(TimeDelta::days(33));
    forum
        .get(&path)
        .await
        .page(200)
        .find("<form")
        .expect("a form");
    forum.app.clock.advance(TimeDelta::days(2));
    closed(&path, "This event is over.").await;
    forum.becomes(forum.ada, ParticipantState::Attended).await;
    closed(&path, "You were there.").await;
    let off = forum
        .store()
        .cancel_event(&STAGEHAND, forum.event, None, Some("A <flood>"));
    off.await.expect("it is called off");
    closed(&path, "A &lt;flood&gt;").await;
    let shown = forum.get(&path).await;
    reviewed!("called-off-en.html", shown.page(200), secret => "SECRET");
}

async fn who_waits_does_not_get_a_place_by_saying_that_they_come(backend: Backend) {
    let forum = Forum::new(backend).await;
    let (path, secret) = page_of_ada(&forum).await;
    forum.becomes(forum.ada, ParticipantState::Waitlisted).await;
    let shown = forum.get(&path).await;
    reviewed!("waits-en.html", shown.page(200), secret => "SECRET");
    let before = forum.app.database.contents().await;
    forum.post(&path, "answer=ACCEPTED").await.page(409);
    assert!(before == forum.app.database.contents().await);
    forum.post(&path, "answer=DECLINED").await.expect(303);
    let now = forum.participant(forum.ada).await;
    assert_eq!(now.status.state(), ParticipantState::Declined);
}

async fn a_page_costs_the_same_whatever_stands_on_it(backend: Backend) {
    let forum = Forum::new(backend).await;
    let cost = async |path: &str| {
        forum.get(path).await.expect(200);
        let before = forum.store().statements();
        forum.get(path).await.expect(200);
        forum.store().statements() - before
    };
    for of in [forum.ada, forum.bo] {
        let answer = forum.secret(of, MailSecret::Answer).await;
        let calendar = forum.secret(of, MailSecret::Calendar).await;
        assert_eq!(cost(&format!("/answer/{answer}")).await, 6);
        assert_eq!(cost(&format!("/calendar/{calendar}.ics")).await, 5);
    }
}
