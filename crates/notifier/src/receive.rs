//! Mail that comes in goes this way, whoever brings it: it is read, and the store is told what it says.

use calendar::{Moment, NotAReply, Participation, ReplyMethod, read_reply};
use domain::invitation::InvitationAnswer;
use domain::message::SuppressionReason;
use domain::received_mail::ReceivedMail;
use persistence::{
    CalendarReply, CalendarSaying, Fault, MailContent, MailToken, NewReceivedMail, ProposedMoment,
    Returned, Store,
};

use crate::answer::{Class, Gone};
use crate::inbound::{self, Action, Bounce, Delivered, Inbound, Origin, Sender, Token};

/// The largest mail that is taken, in bytes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Takes a mail. When this returns, it is kept, and what follows from it has happened; after a fault,
/// nothing has, and it may be handed over again.
pub async fn receive(
    store: &Store,
    raw: &[u8],
    delivered: &Delivered<'_>,
) -> Result<ReceivedMail, Fault> {
    let inbound = inbound::read(raw, delivered);
    let heading = inbound::heading(raw);
    let (origin, content) = understood(inbound);
    let envelope = match delivered.sender {
        Sender::Address(address) => Some(address.to_owned()),
        Sender::Null | Sender::Unknown => None,
    };
    // Also of what cannot be read it is known whom it was for.
    let by_recipient = || delivered.recipient.and_then(inbound::token_of);
    let token = origin.token.or_else(by_recipient);
    let mail = NewReceivedMail {
        raw,
        recipient: delivered.recipient,
        sender: origin.from.or(heading.from).or(envelope),
        subject: heading.subject,
        token: token.map(|token| match token {
            Token::Answer(token) => MailToken::Answer(token),
            Token::Bounce(token) => MailToken::Bounce(token),
        }),
        content,
    };
    let received = store.receive_mail(mail).await?;
    tracing::info!(
        received_mail.id = %received.id,
        received_mail.kind = %received.kind,
        received_mail.outcome = %received.outcome,
        "a mail came in"
    );
    Ok(received)
}

fn understood(inbound: Inbound) -> (Origin, MailContent) {
    match inbound {
        Inbound::Calendar(answer) => {
            let content = of_calendar(&answer.calendar, &answer.text);
            (answer.origin, content)
        }
        Inbound::Bounce(bounce) => {
            let content = MailContent::Returned(returned(&bounce));
            (bounce.origin, content)
        }
        Inbound::Complaint(origin) => (origin, MailContent::Complaint),
        Inbound::AutoReply(origin) => (origin, MailContent::AutoReply),
        Inbound::Human(letter) => (letter.origin, MailContent::Letter(letter.text)),
        Inbound::Unreadable => (Origin::default(), MailContent::Unreadable),
    }
}

fn of_calendar(object: &[u8], beside: &str) -> MailContent {
    let reply = match read_reply(object) {
        Ok(reply) => reply,
        Err(not) => {
            let why = match &not {
                NotAReply::Method(method) if method == "REFRESH" => {
                    "the calendar asks for the entry again".to_owned()
                }
                NotAReply::Method(_)
                | NotAReply::NoObject
                | NotAReply::NoMethod
                | NotAReply::NoAnswer => format!("it {not}"),
            };
            return MailContent::Calendar(why);
        }
    };
    let replies = reply.answers.into_iter().map(|answer| CalendarReply {
        uid: answer.uid,
        sequence: i32::try_from(answer.sequence).unwrap_or(i32::MAX),
        stamp: answer.stamp,
        attendee: answer.attendee,
        name: answer.name,
        saying: saying(&answer.participation),
        delegated_to: answer.delegated_to,
        delegated_from: answer.delegated_from,
        // Some write what they have to say into the mail and not into the object.
        comment: answer
            .comment
            .or_else(|| (reply.method == ReplyMethod::Counter).then(|| beside.to_owned())),
        proposal: answer
            .proposal
            .map(|proposal| (moment(proposal.start), proposal.end.map(moment))),
    });
    let replies = replies.collect();
    match reply.method {
        ReplyMethod::Reply => MailContent::Answers(replies),
        ReplyMethod::Counter => MailContent::Counters(replies),
    }
}

fn saying(participation: &Participation) -> CalendarSaying {
    match participation {
        Participation::Accepted => CalendarSaying::Answer(InvitationAnswer::Accepted),
        Participation::Tentative => CalendarSaying::Answer(InvitationAnswer::Tentative),
        Participation::Declined => CalendarSaying::Answer(InvitationAnswer::Declined),
        Participation::Delegated => CalendarSaying::Delegated,
        Participation::NeedsAction | Participation::Other(_) => CalendarSaying::Nothing,
    }
}

fn moment(moment: Moment) -> ProposedMoment {
    match moment {
        Moment::Instant(at) => ProposedMoment::Instant(at),
        Moment::Local(local) => ProposedMoment::Local(local),
        Moment::Day(day) => ProposedMoment::Day(day),
    }
}

fn returned(bounce: &Bounce) -> Returned {
    let status = bounce
        .status
        .map(|status| format!("{}.{}.{}", status.0, status.1, status.2));
    // `smtp; 550 5.1.1 no such user`
    let diagnostic = bounce.diagnostic.trim();
    let is_plain = |kind: &str| !kind.contains(char::is_whitespace);
    let said = match diagnostic.split_once(';') {
        Some((kind, said)) if is_plain(kind) => said.trim(),
        Some(_) | None => diagnostic,
    };
    let said = Some(said).filter(|said| !said.is_empty());
    let said = match (status, said) {
        (Some(status), Some(said)) if !said.contains(&status) => Some(format!("{status} {said}")),
        (_, Some(said)) => Some(said.to_owned()),
        (status, None) => status,
    };
    match bounce.action {
        Action::Delayed | Action::Delivered => Returned::Underway { diagnostic: said },
        Action::Failed => Returned::Failed {
            suppress: match bounce.class() {
                Class::Suppress(Gone::NoMailbox) => Some(SuppressionReason::Unknown),
                Class::Suppress(Gone::Closed | Gone::NoDomain) => Some(SuppressionReason::Bounced),
                Class::Sent
                | Class::Later
                | Class::Slower
                | Class::Unsure
                | Class::Stop(_)
                | Class::OurFault => None,
            },
            diagnostic: said,
        },
    }
}
