//! The page on which somebody who was invited answers, without an account and without a calendar.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, Utc};
use domain::LanguageTag;
use domain::access::{Actor, Guest};
use domain::agenda::Agenda;
use domain::event::{Event, EventState, EventStatus};
use domain::invitation::{Invitation, InvitationAnswer, InvitationStatus, InvitedTime};
use domain::participant::{Participant, ParticipantState};
use domain::refusal::Refused;
use persistence::{Error, Fault, MailSecret, ParticipantAnswer, Store, Versions};
use poem::http::StatusCode;
use poem::{Request, Response, Result};
use serde::Serialize;
use words::Language;

use super::html::{Reader, broken, form, go_on, page, said, unknown};
use super::{Pages, say};

/// Shows the page. Which button was pressed in a mail stands behind `?`: it is marked, and no more.
pub(super) async fn show(pages: Pages, request: Request) -> Result<Response> {
    let secret: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    let query = request.uri().query().unwrap_or_default();
    let chosen = answer_in(query.as_bytes());
    let asked = match Asked::by(&pages.store, &secret).await {
        Ok(Some(asked)) => asked,
        Ok(None) => return Ok(unknown(&reader)),
        Err(fault) => return Ok(broken(&reader, &fault)),
    };
    Ok(asked.page(StatusCode::OK, &secret, &reader, chosen, None))
}

/// Takes the answer of whoever has sent the form, and goes back to the page.
///
/// Whoever has the secret may answer, from wherever the form comes: a mail program that shows pages
/// itself says that it comes from nowhere (`Origin: null`), and who does not have the secret cannot
/// forge the request.
pub(super) async fn take(pages: Pages, mut request: Request) -> Result<Response> {
    let secret: String = request.path_params()?;
    let reader = Reader::of(request.headers());
    let asked = match Asked::by(&pages.store, &secret).await {
        Ok(Some(asked)) => asked,
        Ok(None) => return Ok(unknown(&reader)),
        Err(fault) => return Ok(broken(&reader, &fault)),
    };
    let language = asked.language(&reader);
    let again = |status, chosen, problem| {
        let problem = Some(problem);
        Ok(asked.page(status, &secret, &reader, chosen, problem))
    };
    let sent = form(&mut request).await.unwrap_or_default();
    let Some(answer) = answer_in(&sent) else {
        return again(StatusCode::BAD_REQUEST, None, say::no_answer(language));
    };
    if asked.closed().is_some() {
        return again(StatusCode::CONFLICT, None, say::not_taken(language));
    }
    // A form ends lines as mails do.
    let comment = said(&sent, "comment").map(|text| text.replace("\r\n", "\n"));
    let given = ParticipantAnswer {
        participant: asked.participant.id,
        answer,
        comment: comment.filter(|text| !text.trim().is_empty()),
    };
    let actor = Actor::Guest(asked.guest);
    match Box::pin(pages.store.answer_invitation(&actor, given)).await {
        Ok(()) => Ok(go_on(&secret)),
        Err(Error::Refused(refusals)) => {
            let at_comment = |one: &Refused<_>| one.path.iter().any(|step| step == "comment");
            if refusals.into_vec().iter().any(at_comment) {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return again(status, Some(answer), say::bad_comment(language));
            }
            match Asked::by(&pages.store, &secret).await {
                Ok(Some(now)) => {
                    let problem = Some(say::not_taken(language));
                    Ok(now.page(StatusCode::CONFLICT, &secret, &reader, None, problem))
                }
                Ok(None) => Ok(unknown(&reader)),
                Err(fault) => Ok(broken(&reader, &fault)),
            }
        }
        Err(Error::Denied(_)) => Ok(unknown(&reader)),
        Err(Error::Fault(fault)) => Ok(broken(&reader, &fault)),
    }
}

fn answer_in(form: &[u8]) -> Option<InvitationAnswer> {
    said(form, "answer")?.parse().ok()
}

/// Who is asked, and for what.
struct Asked {
    guest: Guest,
    event: Arc<Event>,
    participant: Participant,
    office: Option<String>,
    invitations: Vec<Invitation>,
    /// As it was published: what is on it is called there in several languages.
    agenda: Option<Arc<Agenda>>,
    now: DateTime<Utc>,
}

/// Why nobody is asked any more.
enum Closed {
    /// The event was called off, perhaps for a reason that is told.
    CalledOff(Option<String>),
    /// It is over.
    Over,
    /// They were struck off its list.
    StruckOff,
    /// They were there.
    WasThere,
}

impl Asked {
    /// All that the page shows to the holder of a secret. Seven statements, six where the agenda
    /// is at hand.
    async fn by(store: &Store, secret: &str) -> Result<Option<Self>, Fault> {
        let Some(guest) = store.holder_of(secret, MailSecret::Answer).await? else {
            return Ok(None);
        };
        let actor = Actor::Guest(guest);
        let events = store.events(&actor, &[guest.event_id]).await?;
        let list = vec![guest.participant_id];
        let participants = store.participants(&actor, list).await?;
        let (Some(event), Some(participant)) =
            (events.into_iter().next(), participants.into_iter().next())
        else {
            return Ok(None);
        };
        let offices = store.workspaces(&actor, &[event.workspace_id]).await?;
        let invitations = store.invitations(&actor, &[participant.id]).await?;
        let latest = Versions::Latest(vec![event.id]);
        let agenda = store.published_agendas(&actor, &latest).await?.pop();
        Ok(Some(Self {
            agenda: agenda.map(|one| one.agenda),
            guest,
            event: Arc::new(event),
            participant,
            office: offices.into_iter().next().map(|one| one.name),
            invitations,
            now: store.now(),
        }))
    }

    fn language(&self, reader: &Reader) -> Language {
        Language::best_for(&reader.wishes(self.event.title.main_language()))
    }

    fn closed(&self) -> Option<Closed> {
        if let EventStatus::Cancelled { reason, .. } = &self.event.status {
            return Some(Closed::CalledOff(reason.clone()));
        }
        match self.participant.status.state() {
            ParticipantState::Cancelled => return Some(Closed::StruckOff),
            ParticipantState::Attended => return Some(Closed::WasThere),
            ParticipantState::Listed
            | ParticipantState::Invited
            | ParticipantState::Tentative
            | ParticipantState::Confirmed
            | ParticipantState::Waitlisted
            | ParticipantState::Declined => {}
        }
        // A day after its last, wherever people are.
        let time = &self.event.time;
        let last = time.ends_on.checked_add_days(Days::new(2));
        let last = last.unwrap_or(time.ends_on).and_time(NaiveTime::MIN);
        let is_over = self.event.status.state() == EventState::Concluded
            || time.zone.instant(last) <= self.now;
        is_over.then_some(Closed::Over)
    }

    fn page(
        &self,
        status: StatusCode,
        secret: &str,
        reader: &Reader,
        chosen: Option<InvitationAnswer>,
        problem: Option<&'static str>,
    ) -> Response {
        let language = self.language(reader);
        let wishes = reader.wishes(self.event.title.main_language());
        let title = self.event.title.best_for(&wishes);
        let mut texts = self.event.title.texts().iter();
        let title_lang = texts.find(|(_, text)| text.as_str() == title);
        let closed = self.closed();
        let parts = match closed {
            Some(_) => Vec::new(),
            None => self.parts(),
        };
        let foot = say::theirs_alone(language, &self.participant.printed_name);
        let written = AnswerPage {
            badge: say::invitation(language),
            title,
            title_lang: title_lang.map(|(tag, _)| tag.as_str()),
            facts: self.facts(language),
            your_part: say::your_part(language),
            clocks: parts
                .first()
                .map(|first| say::clocks(language, &self.clocks(first, language))),
            parts: parts
                .iter()
                .map(|one| self.part(one, language, &wishes))
                .collect(),
            problem,
            standing: self.standing(language, closed.as_ref()),
            form: closed
                .is_none()
                .then(|| self.form(language, secret, chosen)),
            foot: closed.is_none().then_some(foot),
        };
        page(status, language, "answer.html", &written)
    }

    fn facts(&self, language: Language) -> Vec<Fact> {
        let to_event = self.invitations.iter().find(|one| one.item_id.is_none());
        let place = to_event.and_then(|one| one.entry.place.clone());
        let place = place.or_else(|| self.event.locality.clone());
        let mut who = vec![self.participant.printed_name.clone()];
        who.extend(self.participant.printed_posts.iter().cloned());
        let when = words::event_time(&self.event.time, language);
        let all = [
            (say::when(language), Some(when)),
            (say::place(language), place),
            (say::invited(language), Some(who.join("\n"))),
            (say::office(language), self.office.clone()),
        ];
        let known = all.into_iter();
        known
            .filter_map(|(label, value)| {
                let value = value?;
                Some(Fact { label, value })
            })
            .collect()
    }

    /// What they are to be part of, in the order of time.
    fn parts(&self) -> Vec<&Invitation> {
        let all = self.invitations.iter();
        let mut parts: Vec<_> = all
            .filter(|one| one.item_id.is_some() && one.status == InvitationStatus::Standing)
            .collect();
        parts.sort_by_key(|one| (one.entry.starts_at(), one.id));
        parts
    }

    fn part(&self, one: &Invitation, language: Language, wishes: &[LanguageTag]) -> Part {
        let item = one.item_id.and_then(|id| self.agenda.as_ref()?.item(id));
        let title = item.map(|item| match &item.title {
            Some(title) => title.best_for(wishes),
            None => item.kind.label(wishes),
        });
        Part {
            when: match &one.entry.time {
                InvitedTime::Event(time) => words::event_time(time, language),
                InvitedTime::Item {
                    starts_at, ends_at, ..
                } => words::short_span(*starts_at, *ends_at, language),
            },
            title: title.unwrap_or(&one.entry.title).to_owned(),
            place: one.entry.place.clone(),
        }
    }

    fn clocks(&self, one: &Invitation, language: Language) -> String {
        words::clocks(self.event.time.zone, one.entry.starts_at(), language)
    }

    /// How it stands with them, in words.
    fn standing(&self, language: Language, closed: Option<&Closed>) -> Standing {
        let plain = |kind, words: &str, more| Standing {
            kind,
            words: words.to_owned(),
            more,
            comment: None,
        };
        match closed {
            Some(Closed::CalledOff(reason)) => {
                return plain("off", say::called_off(language), reason.clone());
            }
            Some(Closed::Over) => return plain("off", say::over(language), None),
            Some(Closed::StruckOff) => {
                let (words, more) = say::struck_off(language);
                return plain("off", words, Some(more.to_owned()));
            }
            Some(Closed::WasThere) => return plain("yes", say::was_there(language), None),
            None => {}
        }
        if self.waits() {
            return plain("maybe", say::waits(language), None);
        }
        let Some(answer) = self.answer() else {
            return plain("open", say::not_answered(language), None);
        };
        let zone = self.event.time.zone;
        let since = self.participant.status.since();
        let to_event = self.invitations.iter().find(|one| one.item_id.is_none());
        let reply = to_event.and_then(|one| one.reply.as_ref());
        let reply = reply.filter(|reply| reply.answer == answer);
        let at = reply.map(|reply| reply.at).or(since);
        let comment = reply.and_then(|reply| reply.comment.as_deref());
        Standing {
            kind: kind(answer),
            words: say::answered(language, answer).to_owned(),
            more: at.map(|at| words::moment(zone, at, language)),
            comment: comment.map(|comment| say::wrote(language, comment)),
        }
    }

    fn answer(&self) -> Option<InvitationAnswer> {
        InvitationAnswer::of(self.participant.status.state())
    }

    fn waits(&self) -> bool {
        self.participant.status.state() == ParticipantState::Waitlisted
    }

    fn form<'a>(
        &self,
        language: Language,
        secret: &'a str,
        chosen: Option<InvitationAnswer>,
    ) -> Form<'a> {
        let given = self.answer();
        let offered = [
            InvitationAnswer::Accepted,
            InvitationAnswer::Tentative,
            InvitationAnswer::Declined,
        ];
        // Who waits does not get a place by saying that they come.
        let offered = offered
            .into_iter()
            .filter(|answer| !self.waits() || *answer == InvitationAnswer::Declined);
        let offered: Vec<_> = offered.collect();
        let chosen = chosen.filter(|chosen| offered.contains(chosen) && Some(*chosen) != given);
        // Who has not said anything yet most likely comes.
        let first = offered.first().copied().filter(|_| given.is_none());
        let buttons = offered.iter().map(|answer| Button {
            value: answer.to_string(),
            words: say::button(language, *answer),
            is_main: chosen.or(first) == Some(*answer),
            is_given: Some(*answer) == given,
        });
        let by = self.participant.answer_by;
        let is_asked = given.is_none() && !self.waits();
        let answer_by = by.filter(|_| is_asked).map(|by| {
            let moment = words::moment(self.event.time.zone, by, language);
            say::answer_by(language, &moment, by <= self.now)
        });
        Form {
            // Relative to the page, wherever the installation is reached.
            action: secret,
            question: if self.waits() {
                say::question_of_those_who_wait(language)
            } else {
                say::question(language, given.is_some())
            },
            answer_by,
            confirm: chosen.map(|chosen| Confirm {
                words: say::press_to_confirm(language),
                value: chosen.to_string(),
                button: say::confirm(language, chosen),
            }),
            comment: say::comment(language),
            buttons: buttons.collect(),
        }
    }
}

fn kind(answer: InvitationAnswer) -> &'static str {
    match answer {
        InvitationAnswer::Accepted => "yes",
        InvitationAnswer::Tentative => "maybe",
        InvitationAnswer::Declined => "no",
    }
}

#[derive(Serialize)]
struct AnswerPage<'a> {
    badge: &'static str,
    title: &'a str,
    title_lang: Option<&'a str>,
    facts: Vec<Fact>,
    your_part: &'static str,
    clocks: Option<String>,
    parts: Vec<Part>,
    problem: Option<&'static str>,
    standing: Standing,
    form: Option<Form<'a>>,
    foot: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Part {
    when: String,
    title: String,
    place: Option<String>,
}

#[derive(Serialize)]
struct Standing {
    kind: &'static str,
    words: String,
    more: Option<String>,
    comment: Option<String>,
}

#[derive(Serialize)]
struct Form<'a> {
    action: &'a str,
    question: &'static str,
    answer_by: Option<String>,
    confirm: Option<Confirm>,
    comment: &'static str,
    buttons: Vec<Button>,
}

/// What was chosen in the mail, and is not sent by that.
#[derive(Serialize)]
struct Confirm {
    words: &'static str,
    value: String,
    button: String,
}

#[derive(Serialize)]
struct Button {
    value: String,
    words: &'static str,
    is_main: bool,
    is_given: bool,
}
