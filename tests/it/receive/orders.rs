//! Mail comes in whatever order it likes, and some of it twice: what is so in the end is the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::invitation::{AnswerChannel, InvitationAnswer};
use domain::organization::Party;
use domain::participant::ParticipantState;
use domain::received_mail::ReceivedMailOutcome;
use tests::{Backend, STAGEHAND, both};

use super::forum::{Forum, Invited, Mail, NO_SUCH_USER};

both!(
    mails_in_every_order_come_to_the_same,
    who_comes_instead_is_invited,
    who_comes_instead_may_be_quicker,
    who_is_there_in_their_own_right_stays_so,
    nobody_is_sent_to_what_is_over
);

/// An event with so many people, and one who was not invited.
fn document(people: usize) -> String {
    let mut text = "key: forum\nlanguage: en\ntitle: The Forum\nvisibility: PUBLIC\n\
        time: { timeZone: Asia/Shanghai, startsOn: 2025-02-01 }\npeople:\n"
        .to_owned();
    for number in 0..people {
        writeln!(
            text,
            "- {{ key: guest-{number}, name: Guest {number}, email: guest-{number}@example.org }}"
        )
        .expect("text");
    }
    text.push_str("participants:\n");
    for number in 0..people {
        writeln!(text, "- {{ person: guest-{number} }}").expect("text");
    }
    text
}

/// Every order of so many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in orders(last) {
        for place in 0..=last {
            let mut order = order.clone();
            order.insert(place, last);
            all.push(order);
        }
    }
    all
}

/// What is so of somebody. How often they changed their mind on the way is all that may differ.
async fn so(forum: &Forum, of: &Invited) -> String {
    let now = forum.participant(of.id).await;
    let reply = forum.invitations(of.id).await[0].reply.clone();
    format!(
        "{:?} {:?} {reply:?} {}",
        now.status.state(),
        now.answered_through,
        forum.delivery(of).await,
    )
}

async fn mails_in_every_order_come_to_the_same(backend: Backend) {
    let orders = orders(5);
    let forum = Forum::new(backend, &document(orders.len() + 1)).await;
    let stranger = forum.invited.last().expect("one more");
    let mut ends = BTreeSet::new();
    for (who, order) in forum.invited.iter().zip(&orders) {
        let mails = [
            (
                Mail::of("google", who).saying(InvitationAnswer::Accepted, 10),
                &who.answers,
            ),
            (
                Mail::of("outlook", who).saying(InvitationAnswer::Declined, 20),
                &who.answers,
            ),
            (
                Mail::of("apple", who).saying(InvitationAnswer::Tentative, 30),
                &who.answers,
            ),
            (
                Mail {
                    report: NO_SUCH_USER,
                    ..Mail::of("bounce", who)
                },
                &who.bounces,
            ),
            // By another's address, and later than all.
            (
                Mail::of("thunderbird", who).saying(InvitationAnswer::Accepted, 50),
                &stranger.answers,
            ),
        ];
        let mut before: Vec<usize> = Vec::new();
        for place in order {
            let (mail, recipient) = &mails[*place];
            let first = forum.outcome(mail, recipient).await;
            before.push(*place);
            // Whatever came before comes again.
            for again in &before {
                let (mail, recipient) = &mails[*again];
                let outcome = forum.outcome(mail, recipient).await;
                if again == place {
                    assert_eq!(outcome, first);
                }
            }
        }
        ends.insert(so(&forum, who).await);
    }
    assert_eq!(ends.len(), 1, "{ends:#?}");
    let end = ends.first().expect("an end");
    assert!(end.starts_with("Tentative Some(Calendar)"), "{end}");
    assert!(end.contains("BOUNCED"), "{end}");
    let kept = forum.app.database.rows("received_mail").await;
    assert_eq!(kept.len(), orders.len() * 5);
    assert_eq!(forum.suppressed().await.len(), orders.len());
    assert_eq!(forum.state(stranger.id).await, ParticipantState::Invited);
}

/// Cleo, who was sent by the first who was invited: their state, and in whose place they come.
async fn cleo(forum: &Forum) -> Option<(ParticipantState, Option<Party>, String)> {
    let all = forum
        .store()
        .people_page(
            &STAGEHAND,
            &persistence::PersonFilter::default(),
            &persistence::PageRequest::default(),
        )
        .await
        .expect("people")
        .expect("a page");
    let cleo = all.items.into_iter().map(|(_, one)| one);
    let cleo = cleo
        .filter(|one| one.email.as_deref() == Some("cleo@example.org"))
        .collect::<Vec<_>>();
    assert!(cleo.len() <= 1, "{cleo:?}");
    let cleo = cleo.into_iter().next()?;
    let all = [persistence::ParticipantsOf {
        event: forum.event,
        filter: persistence::ParticipantFilter::default(),
        page: persistence::PageRequest::default(),
    }];
    let pages = forum.store().participants_pages(&STAGEHAND, &all).await;
    let pages = pages.expect("participants");
    let page = pages.into_values().next().expect("a page").expect("a page");
    let mut all = page.items.into_iter().map(|(_, one)| one);
    let one = all.find(|one| one.person_id == cleo.id)?;
    Some((one.status.state(), one.on_behalf_of, cleo.name))
}

async fn who_comes_instead_is_invited(backend: Backend) {
    let forum = Forum::new(backend, &document(1)).await;
    let who = &forum.invited[0];
    let person = forum.participant(who.id).await.person_id;
    let accepted = Mail::of("apple", who).saying(InvitationAnswer::Accepted, 5);
    forum.outcome(&accepted, &who.answers).await;
    let delegated = Mail::of("delegated", who).saying(InvitationAnswer::Accepted, 10);
    let received = forum.take(&delegated.to(&who.answers), &who.answers).await;
    assert_eq!(received.outcome, ReceivedMailOutcome::Delegated);
    assert_eq!(received.facts.delegated_to, ["cleo@example.org"]);
    let now = forum.participant(who.id).await;
    assert_eq!(now.status.state(), ParticipantState::Declined);
    assert_eq!(now.answered_through, Some(AnswerChannel::Calendar));
    let expected = (
        ParticipantState::Invited,
        Some(Party::Person(person)),
        "Cleo Example".to_owned(),
    );
    assert_eq!(cleo(&forum).await, Some(expected.clone()));
    let statement = "SELECT d.kind || ' ' || p.email AS value FROM delivery d
        JOIN person p ON p.id = d.person_id WHERE d.state = 'QUEUED' ORDER BY d.id";
    let waiting = forum.app.database.texts(statement).await;
    assert_eq!(
        waiting,
        [
            "CONFIRMED guest-0@example.org",
            "INVITATION cleo@example.org"
        ]
    );
    // They answer by the address that they have from the one who sends them: it is their answer.
    let answer = Mail::of("delegate", who).saying(InvitationAnswer::Accepted, 20);
    let outcome = forum.outcome(&answer, &who.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Delegated);
    let (state, ..) = cleo(&forum).await.expect("Cleo");
    assert_eq!(state, ParticipantState::Confirmed);
    assert_eq!(forum.state(who.id).await, ParticipantState::Declined);
    // Who has said no to the place is not asked for it again.
    let declined = Mail::of("delegate", who).saying(InvitationAnswer::Declined, 30);
    forum.outcome(&declined, &who.answers).await;
    let again = Mail::of("delegated", who).saying(InvitationAnswer::Accepted, 40);
    forum.outcome(&again, &who.answers).await;
    let (state, ..) = cleo(&forum).await.expect("Cleo");
    assert_eq!(state, ParticipantState::Declined);
}

async fn who_comes_instead_may_be_quicker(backend: Backend) {
    let mut ends = BTreeSet::new();
    for order in orders(3) {
        let forum = Forum::new(backend, &document(1)).await;
        let who = &forum.invited[0];
        let mails = [
            Mail::of("google", who).saying(InvitationAnswer::Accepted, 5),
            Mail::of("delegated", who).saying(InvitationAnswer::Accepted, 10),
            Mail::of("delegate", who).saying(InvitationAnswer::Accepted, 20),
        ];
        for place in &order {
            forum.outcome(&mails[*place], &who.answers).await;
        }
        let reply = forum.invitations(who.id).await[0].reply.clone();
        let invited = "SELECT kind AS value FROM delivery WHERE kind = 'INVITATION'";
        let invited = forum.app.database.texts(invited).await.len();
        let cleo = cleo(&forum).await.map(|(state, _, name)| (state, name));
        ends.insert(format!(
            "{:?} {reply:?} {cleo:?} {invited}",
            forum.state(who.id).await
        ));
    }
    assert_eq!(ends.len(), 1, "{ends:#?}");
    let end = ends.first().expect("an end");
    assert!(end.starts_with("Declined"), "{end}");
    assert!(end.ends_with("(Confirmed, \"Cleo Example\")) 2"), "{end}");
}

async fn who_is_there_in_their_own_right_stays_so(backend: Backend) {
    let text = document(1)
        .replace(
            "people:\n",
            "people:\n- { key: cleo, name: Cleo, email: CLEO@example.org }\n",
        )
        .replace("participants:\n", "participants:\n- { person: cleo }\n");
    let text = text.replace("CLEO@", "cleo@");
    let forum = Forum::new(backend, &text).await;
    let who = forum
        .invited
        .iter()
        .find(|one| one.email.starts_with("guest"));
    let who = who.expect("a guest");
    let delegated = Mail::of("delegated", who).saying(InvitationAnswer::Accepted, 10);
    let outcome = forum.outcome(&delegated, &who.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Delegated);
    let expected = (ParticipantState::Invited, None, "Cleo".to_owned());
    assert_eq!(cleo(&forum).await, Some(expected));
    let invited = "SELECT kind AS value FROM delivery WHERE kind = 'INVITATION'";
    assert_eq!(forum.app.database.texts(invited).await.len(), 2);
}

async fn nobody_is_sent_to_what_is_over(backend: Backend) {
    let forum = Forum::new(backend, &document(1)).await;
    let who = &forum.invited[0];
    let concluded = forum.store().conclude_event(&STAGEHAND, forum.event, None);
    concluded.await.expect("it is over");
    let before = forum.all_else().await;
    let delegated = Mail::of("delegated", who).saying(InvitationAnswer::Accepted, 10);
    let outcome = forum.outcome(&delegated, &who.answers).await;
    assert_eq!(outcome, ReceivedMailOutcome::Refused);
    assert!(before == forum.all_else().await);
}
