//! Mail that another program hands over, signed.

use data_encoding::HEXLOWER;
use domain::participant::ParticipantState;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use tests::{Backend, INBOUND_SECRET, both};

use super::forum::{DOCUMENT, Forum, Mail};

both!(mail_is_handed_over_with_a_signature);

/// The signature of a mail.
pub fn signature(secret: &str, seconds: i64, recipient: &str, sender: &str, mail: &[u8]) -> String {
    let mut proof = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    proof.update(format!("{seconds}.{recipient}\n{sender}\n").as_bytes());
    proof.update(mail);
    let proof = HEXLOWER.encode(&proof.finalize().into_bytes());
    format!("t={seconds},v1={proof}")
}

async fn mail_is_handed_over_with_a_signature(backend: Backend) {
    let forum = Forum::new(backend, DOCUMENT).await;
    let [ada, bo] = &forum.invited[..] else {
        panic!("two");
    };
    let mail = Mail::of("outlook", ada).to(&ada.answers);
    let now = forum.store().now().timestamp();
    let good = signature(INBOUND_SECRET, now, &ada.answers, "ada@example.org", &mail);
    let headers = |recipient, signature| {
        [
            ("Content-Type", "message/rfc822"),
            ("Convoke-Recipient", recipient),
            ("Convoke-Sender", "ada@example.org"),
            ("Convoke-Signature", signature),
        ]
    };
    let before = forum.app.database.contents().await;
    let answers = ada.answers.as_str();
    let other = signature(
        &INBOUND_SECRET.to_uppercase(),
        now,
        answers,
        "ada@example.org",
        &mail,
    );
    let old = signature(INBOUND_SECRET, now - 301, answers, "ada@example.org", &mail);
    let wrong = [mail.clone(), b"x".to_vec()].concat();
    for (status, recipient, signature, mail) in [
        (401, answers, other.as_str(), &mail),
        (401, answers, old.as_str(), &mail),
        (401, answers, "", &mail),
        (401, answers, good.as_str(), &wrong),
        (401, bo.answers.as_str(), good.as_str(), &mail),
        (400, "nobody", good.as_str(), &mail),
    ] {
        let headers = headers(recipient, signature);
        let (found, said) = forum.app.post_mail(&headers, mail).await;
        assert_eq!(found.as_u16(), status, "{signature} {said}");
    }
    let (status, _) = forum
        .app
        .post_mail(&headers(answers, &good)[1..], &mail)
        .await;
    assert_eq!(status.as_u16(), 415);
    let (status, _) = forum
        .app
        .post_mail(&headers(answers, &good)[..3], &mail)
        .await;
    assert_eq!(status.as_u16(), 401);
    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    let (status, _) = forum.app.post_mail(&headers(answers, &good), &large).await;
    assert_eq!(status.as_u16(), 413);
    assert!(before == forum.app.database.contents().await);

    let (status, told) = forum.app.post_mail(&headers(answers, &good), &mail).await;
    assert_eq!(status.as_u16(), 200, "{told}");
    assert_eq!(
        (&told["kind"], &told["outcome"]),
        (&json!("ANSWER"), &json!("APPLIED"))
    );
    assert_eq!(forum.state(ada.id).await, ParticipantState::Confirmed);
    let (_, again) = forum.app.post_mail(&headers(answers, &good), &mail).await;
    assert_eq!(again, told);

    // Where there is nowhere to keep it, it comes again.
    forum
        .app
        .database
        .execute("ALTER TABLE received_mail RENAME TO lost")
        .await;
    let (status, told) = forum.app.post_mail(&headers(answers, &good), &mail).await;
    assert_eq!(status.as_u16(), 503, "{told}");
}
