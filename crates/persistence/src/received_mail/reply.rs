//! What calendars answer: whether somebody comes, when they would rather, and who comes instead.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::Patch;
use domain::event::EventState;
use domain::id::PersonId;
use domain::invitation::{
    AnswerChannel, Invitation, InvitationAnswer, InvitationReply, ReplyJudgement,
};
use domain::message::MessageKind;
use domain::organization::Party;
use domain::participant::ParticipantState;
use domain::person::{Person, PersonCreateRefused, PersonPatch};
use domain::received_mail::{ProposedTime, ReceivedMailFacts, ReceivedMailOutcome};
use domain::refusal::Refusals;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{CalendarReply, CalendarSaying, ProposedMoment, Taken};
use crate::column::DbId;
use crate::entity::directory::person;
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::invitation::Answered;
use crate::message::{Going, NewMessage};
use crate::operation::Operation;
use crate::record::Written as _;

/// How many come in the place of one, at most.
const MOST_DELEGATES: usize = 5;

/// What a calendar says, for people.
pub(super) fn facts(reply: &CalendarReply) -> ReceivedMailFacts {
    let answer = match reply.saying {
        CalendarSaying::Answer(answer) => Some(answer),
        CalendarSaying::Delegated | CalendarSaying::Nothing => None,
    };
    ReceivedMailFacts {
        answer,
        attendee: Some(reply.attendee.clone()),
        text: reply.comment.clone(),
        delegated_to: reply.delegated_to.clone(),
        ..ReceivedMailFacts::default()
    }
}

impl Taken {
    fn of(outcome: ReceivedMailOutcome, reply: &CalendarReply) -> Self {
        Self::new(outcome, None, facts(reply))
    }

    fn because(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn changes_something(&self) -> bool {
        matches!(
            self.outcome,
            ReceivedMailOutcome::Applied
                | ReceivedMailOutcome::Proposed
                | ReceivedMailOutcome::Delegated
        )
    }
}

impl Operation<'_> {
    /// Takes the answers that came by the address of a participant.
    pub(super) async fn take_replies(
        &mut self,
        row: &participant::Model,
        replies: &[CalendarReply],
    ) -> Result<Taken, Fault> {
        let entries = entries(replies);
        let mut all = Vec::with_capacity(entries.len());
        for lines in entries {
            // What one entry said may have changed them.
            let Some(row) = self.participant_as_it_is(row).await? else {
                break;
            };
            all.extend(self.take_entry(&row, &lines).await?);
        }
        Ok(told(all))
    }

    /// Takes the other times that were proposed by the address of a participant.
    pub(super) async fn take_counters(
        &mut self,
        row: &participant::Model,
        replies: &[CalendarReply],
    ) -> Result<Taken, Fault> {
        let zone = self.event()?.time_zone.0;
        let theirs = self.by_uid(row).await?;
        let email = self.email_of(row.person_id.0).await?;
        let mut all = Vec::new();
        for lines in entries(replies) {
            let Some(own) = own_line(&lines, email.as_deref()) else {
                continue;
            };
            let Some(one) = theirs.get(&own.uid) else {
                all.push(of_another(own));
                continue;
            };
            let outcome = match ReceivedMailOutcome::of(self.judged(one, own)) {
                None => ReceivedMailOutcome::Proposed,
                Some(other) => other,
            };
            let mut taken = Taken::of(outcome, own);
            taken.facts.proposed = own.proposal.and_then(|(start, end)| {
                let instant = |local| zone.instant(local);
                proposed(start, end, instant)
            });
            all.push(taken);
        }
        Ok(told(all))
    }

    /// What is said of one entry.
    async fn take_entry(
        &mut self,
        row: &participant::Model,
        lines: &[&CalendarReply],
    ) -> Result<Vec<Taken>, Fault> {
        let email = self.email_of(row.person_id.0).await?;
        let Some(own) = own_line(lines, email.as_deref()) else {
            return Ok(Vec::new());
        };
        let theirs = self.by_uid(row).await?;
        let Some(one) = theirs.get(&own.uid) else {
            return Ok(vec![of_another(own)]);
        };
        let is_own = |line: &CalendarReply| {
            let named = email.as_deref();
            named.is_some_and(|email| email.eq_ignore_ascii_case(&line.attendee))
        };
        let mut instead = Vec::new();
        for line in lines.iter().copied().filter(|line| !is_own(line)) {
            let answers = matches!(line.saying, CalendarSaying::Answer(_));
            if answers && (!line.delegated_from.is_empty() || self.stands_in(row, line).await?) {
                instead.push(line);
            }
        }
        let mut all = Vec::new();
        if !instead.iter().any(|line| std::ptr::eq(*line, own)) {
            all.push(self.take_own(row, one, own, lines).await?);
        }
        for line in instead {
            all.push(self.take_delegates_answer(row, one, line).await?);
        }
        Ok(all)
    }

    /// What a participant says of themselves.
    async fn take_own(
        &mut self,
        row: &participant::Model,
        one: &Invitation,
        own: &CalendarReply,
        lines: &[&CalendarReply],
    ) -> Result<Taken, Fault> {
        let answer = match own.saying {
            CalendarSaying::Answer(answer) => answer,
            // They do not come, whoever does.
            CalendarSaying::Delegated => InvitationAnswer::Declined,
            CalendarSaying::Nothing => {
                return Ok(Taken::of(ReceivedMailOutcome::Noted, own).because("it answers nothing"));
            }
        };
        if let Some(other) = ReceivedMailOutcome::of(self.judged(one, own)) {
            return Ok(Taken::of(other, own));
        }
        let is_delegated = own.saying == CalendarSaying::Delegated;
        if one.item_id.is_some() {
            // To say no to a session is not to say no to the event.
            let mut one = one.clone();
            one.reply = Some(self.reply(answer, own));
            self.keep_invitation(one).await?;
            let taken = Taken::of(ReceivedMailOutcome::Applied, own);
            return Ok(if is_delegated {
                taken.because("of this item alone; whether another appears on it is for you to say")
            } else {
                taken.because("of this item alone")
            });
        }
        if is_delegated && self.event()?.status.0 != EventState::Published {
            let taken = Taken::of(ReceivedMailOutcome::Refused, own);
            return Ok(taken.because("nobody is invited to the event any more"));
        }
        let answered = self.as_answered(answer, own);
        if let Err(refused) = self.take_answer(row.clone(), answered).await? {
            return Ok(Taken::of(ReceivedMailOutcome::Refused, own).because(refused));
        }
        if !is_delegated {
            return Ok(Taken::of(ReceivedMailOutcome::Applied, own));
        }
        let called = |address: &str| {
            let named = lines
                .iter()
                .find(|line| line.attendee.eq_ignore_ascii_case(address));
            named.and_then(|line| line.name.clone())
        };
        let delegates = own.delegated_to.iter().take(MOST_DELEGATES);
        let delegates: Vec<_> = delegates
            .map(|address| (address.as_str(), called(address)))
            .collect();
        let in_place = self.put_in_place_of(row, &delegates).await?;
        Ok(if in_place.is_empty() {
            let taken = Taken::of(ReceivedMailOutcome::Applied, own);
            taken.because("they send somebody else, of whom no address is known")
        } else {
            Taken::of(ReceivedMailOutcome::Delegated, own)
        })
    }

    /// What somebody says who comes in the place of a participant, by the address of that one: they have
    /// it from them.
    async fn take_delegates_answer(
        &mut self,
        row: &participant::Model,
        one: &Invitation,
        line: &CalendarReply,
    ) -> Result<Taken, Fault> {
        let CalendarSaying::Answer(answer) = line.saying else {
            return Ok(Taken::of(ReceivedMailOutcome::Noted, line));
        };
        if one.item_id.is_some() {
            let taken = Taken::of(ReceivedMailOutcome::Noted, line);
            return Ok(taken.because("whether another appears on an item is for you to say"));
        }
        if !self.stands_in(row, line).await? {
            // They were quicker than the one who sends them, or that mail was lost.
            if let Some(other) = ReceivedMailOutcome::of(self.judged(one, line)) {
                return Ok(Taken::of(other, line));
            }
            if self.event()?.status.0 != EventState::Published {
                let taken = Taken::of(ReceivedMailOutcome::Refused, line);
                return Ok(taken.because("nobody is invited to the event any more"));
            }
            let Some(row) = self.participant_as_it_is(row).await? else {
                return Ok(Taken::of(ReceivedMailOutcome::Noted, line));
            };
            let mut declined = self.as_answered(InvitationAnswer::Declined, line);
            // Not their own word: that may yet come, and is older.
            declined.stamp = None;
            declined.comment = None;
            if let Err(refused) = self.take_answer(row.clone(), declined).await? {
                return Ok(Taken::of(ReceivedMailOutcome::Refused, line).because(refused));
            }
            let delegate = [(line.attendee.as_str(), line.name.clone())];
            self.put_in_place_of(&row, &delegate).await?;
        }
        let Some(person) = self.person_at(&line.attendee).await? else {
            let taken = Taken::of(ReceivedMailOutcome::Noted, line);
            return Ok(taken.because("who comes instead has no address that is known"));
        };
        let Some(instead) = self.participant_of(row, person).await? else {
            return Ok(Taken::of(ReceivedMailOutcome::Noted, line));
        };
        // The sequence is that of the entry of the one whose place they take.
        let to_event = self
            .invitations_of(std::slice::from_ref(&instead))
            .await?
            .remove(&(instead.id.0, None));
        if let Some(own) = &to_event {
            let stamp = self.stamp(line);
            if let Some(other) = ReceivedMailOutcome::of(own.judge(own.sequence, stamp)) {
                return Ok(Taken::of(other, line));
            }
        }
        let answered = Answered {
            sequence: None,
            ..self.as_answered(answer, line)
        };
        if let Err(refused) = self.take_answer(instead, answered).await? {
            return Ok(Taken::of(ReceivedMailOutcome::Refused, line).because(refused));
        }
        let taken = Taken::of(ReceivedMailOutcome::Delegated, line);
        Ok(taken.because("of the one who comes instead"))
    }

    /// Puts people on the list in the place of somebody, and invites those who were not. Who is on it
    /// already in their own right comes in their own right.
    async fn put_in_place_of(
        &mut self,
        row: &participant::Model,
        delegates: &[(&str, Option<String>)],
    ) -> Result<Vec<PersonId>, Fault> {
        let mut in_place = Vec::new();
        for (address, name) in delegates {
            let found = match self.person_at(address).await? {
                Some(found) => Some(found),
                None => self.make_known(address, name.clone()).await?,
            };
            in_place.extend(found.filter(|id| *id != row.person_id.0));
        }
        let before = self.participants_of(row, &in_place).await?;
        self.take_part(in_place.clone()).await?;
        let now = self.now();
        let in_their_stead = Some(Party::Person(row.person_id.0));
        let mut asked = Vec::new();
        for listed in self.participants_of(row, &in_place).await? {
            let is_new = before.iter().all(|one| one.id != listed.id);
            let mut delegate = listed.clone().participant();
            let was = delegate.status.state();
            if is_new || was == ParticipantState::Listed {
                delegate.on_behalf_of = in_their_stead;
            }
            let comes_for_them = delegate.on_behalf_of == in_their_stead;
            let again = was == ParticipantState::Declined && comes_for_them;
            // Who said no to this very place is not asked for it twice.
            if !again
                && let Ok(status) = delegate
                    .status
                    .clone()
                    .reach(ParticipantState::Invited, Some(now))
                && status != delegate.status
            {
                delegate.status = status;
                delegate.answered_through = None;
                delegate.answer_by = row.answer_by.filter(|by| *by > now);
                asked.push(listed.id);
            }
            let after = participant::Model::of(self.workspace(), delegate);
            self.update::<participant::Entity>(&listed, after).await?;
        }
        let which = Condition::all().add(participant::Column::Id.is_in(asked.iter().copied()));
        let asked = self.listed(which).await?;
        let by = row.answer_by.filter(|by| *by > now);
        let payload = json!({ "answerBy": by.map(|by| by.write()), "note": null });
        let mails = self
            .asking(&asked, MessageKind::Invitation, &payload)
            .await?;
        let new = NewMessage {
            kind: MessageKind::Invitation,
            going: Going::Now,
            note: None,
            version: None,
        };
        self.tell(row.event_id.0, new, mails).await?;
        Ok(in_place)
    }

    /// What is to be made of what a calendar says of an invitation.
    fn judged(&self, one: &Invitation, reply: &CalendarReply) -> ReplyJudgement {
        one.judge(reply.sequence, self.stamp(reply))
    }

    /// When a calendar says so. One whose clock is ahead would close the door behind itself.
    fn stamp(&self, reply: &CalendarReply) -> Option<DateTime<Utc>> {
        let now = self.now();
        reply.stamp.map(|stamp| std::cmp::min(stamp, now))
    }

    fn as_answered(&self, answer: InvitationAnswer, reply: &CalendarReply) -> Answered {
        let taken = self.reply(answer, reply);
        Answered {
            answer: taken.answer,
            channel: taken.channel,
            sequence: Some(taken.sequence),
            stamp: taken.stamp,
            comment: taken.comment,
        }
    }

    fn reply(&self, answer: InvitationAnswer, reply: &CalendarReply) -> InvitationReply {
        InvitationReply {
            answer,
            at: self.now(),
            channel: AnswerChannel::Calendar,
            sequence: reply.sequence,
            stamp: self.stamp(reply),
            comment: reply.comment.as_deref().and_then(super::text),
        }
    }

    async fn by_uid(&self, row: &participant::Model) -> Result<HashMap<String, Invitation>, Fault> {
        let theirs = self.invitations_of(std::slice::from_ref(row)).await?;
        Ok(theirs.into_values().map(|one| (one.uid(), one)).collect())
    }

    async fn participant_as_it_is(
        &self,
        row: &participant::Model,
    ) -> Result<Option<participant::Model>, Fault> {
        let mut found = self.known::<participant::Entity>([row.id.0]).await?;
        Ok(found.remove(&row.id.0))
    }

    /// The records of people at the event of a participant.
    async fn participants_of(
        &self,
        row: &participant::Model,
        people: &[PersonId],
    ) -> Result<Vec<participant::Model>, Fault> {
        let which = Condition::all()
            .add(participant::Column::EventId.eq(row.event_id))
            .add(participant::Column::PersonId.is_in(people.iter().copied().map(DbId)));
        self.listed(which).await
    }

    async fn participant_of(
        &self,
        row: &participant::Model,
        person: PersonId,
    ) -> Result<Option<participant::Model>, Fault> {
        Ok(self.participants_of(row, &[person]).await?.pop())
    }

    /// Whether it is known that the attendee of a line comes in the place of a participant.
    async fn stands_in(
        &self,
        row: &participant::Model,
        line: &CalendarReply,
    ) -> Result<bool, Fault> {
        let Some(person) = self.person_at(&line.attendee).await? else {
            return Ok(false);
        };
        let found = self.participant_of(row, person).await?;
        let in_their_stead = Some(Party::Person(row.person_id.0));
        Ok(found.is_some_and(|one| one.participant().on_behalf_of == in_their_stead))
    }

    async fn email_of(&self, person: PersonId) -> Result<Option<String>, Fault> {
        let found = self.known::<person::Entity>([person]).await?;
        Ok(found.into_values().next().and_then(|row| row.email))
    }

    /// Who is reached by an address; the one who is known longest, if several are.
    async fn person_at(&self, address: &str) -> Result<Option<PersonId>, Fault> {
        let email = Func::lower(Expr::col(person::Column::Email));
        let found = person::Entity::find()
            .filter(person::Column::WorkspaceId.eq(DbId(self.workspace())))
            .filter(Expr::expr(email).eq(address.to_lowercase()))
            .order_by_asc(person::Column::Id)
            .one(self.on())
            .await?;
        Ok(found.map(|row| row.id.0))
    }

    /// Makes somebody known of whom there is an address, and perhaps a name. Nothing, if it is none.
    async fn make_known(
        &mut self,
        address: &str,
        name: Option<String>,
    ) -> Result<Option<PersonId>, Fault> {
        let mut person = Person::unknown(self.mint()?, self.workspace());
        let local = address.split('@').next().unwrap_or(address);
        let name = name.filter(|name| domain::text::line(name).is_ok());
        let patch = PersonPatch {
            name: Patch::Set(name.unwrap_or_else(|| local.to_owned())),
            email: Patch::Set(address.to_owned()),
            ..PersonPatch::default()
        };
        let mut refusals = Refusals::<PersonCreateRefused>::default();
        patch.apply(&mut person, &mut refusals);
        if refusals.refuse_if_any().is_err() {
            return Ok(None);
        }
        let id = person.id;
        self.insert::<person::Entity>(person.into()).await?;
        Ok(Some(id))
    }
}

/// What is said, by entry, in order.
fn entries(replies: &[CalendarReply]) -> Vec<Vec<&CalendarReply>> {
    let mut entries: Vec<Vec<&CalendarReply>> = Vec::new();
    for reply in replies {
        let mut known = entries.iter_mut();
        let of_it = known.find(|lines| lines.first().is_some_and(|first| first.uid == reply.uid));
        match of_it {
            Some(lines) => lines.push(reply),
            None => entries.push(vec![reply]),
        }
    }
    entries
}

/// The line that is about the participant: that with their address; else the first that says something,
/// whatever address they answer from.
fn own_line<'r>(lines: &[&'r CalendarReply], email: Option<&str>) -> Option<&'r CalendarReply> {
    let is_theirs = |line: &&&CalendarReply| {
        email.is_some_and(|email| email.eq_ignore_ascii_case(&line.attendee))
    };
    let says_something = |line: &&&CalendarReply| line.saying != CalendarSaying::Nothing;
    let found = lines.iter().find(is_theirs);
    let found = found.or_else(|| lines.iter().find(says_something));
    found.or_else(|| lines.first()).copied()
}

/// Of several entries, what became of one of which something followed.
fn told(all: Vec<Taken>) -> Taken {
    let told = all.into_iter().min_by_key(|one| !one.changes_something());
    told.unwrap_or_else(|| {
        let facts = ReceivedMailFacts::default();
        Taken::new(
            ReceivedMailOutcome::Noted,
            Some("it answers nothing"),
            facts,
        )
    })
}

/// An answer to what the participant, by whose address it came, was never invited to.
fn of_another(own: &CalendarReply) -> Taken {
    let taken = Taken::of(ReceivedMailOutcome::Forged, own);
    taken.because("it answers an invitation that is not theirs")
}

fn proposed(
    start: ProposedMoment,
    end: Option<ProposedMoment>,
    instant: impl Fn(NaiveDateTime) -> DateTime<Utc>,
) -> Option<ProposedTime> {
    let hour = |moment: ProposedMoment| match moment {
        ProposedMoment::Instant(at) => Some(at),
        ProposedMoment::Local(local) => Some(instant(local)),
        ProposedMoment::Day(_) => None,
    };
    let day = |moment: ProposedMoment| match moment {
        ProposedMoment::Day(day) => Some(day),
        ProposedMoment::Instant(_) | ProposedMoment::Local(_) => None,
    };
    if let Some(starts_on) = day(start) {
        return Some(ProposedTime::Days {
            starts_on,
            ends_on: end.and_then(day),
        });
    }
    Some(ProposedTime::Hours {
        starts_at: hour(start)?,
        ends_at: end.and_then(hour),
    })
}
