//! What a mail tells, in words: from what is so when it is written, and from what was put down for it.

use chrono::NaiveDateTime;
use domain::agenda::ItemChangeKind;
use domain::credential::{CredentialKind, CredentialStatus};
use domain::invitation::{Invitation, InvitationAnswer, InvitationStatus, InvitedTime};
use domain::message::MessageKind;
use domain::participant::ParticipantState;
use domain::{LanguageTag, LocalizedText, Site};
use persistence::{Outgoing, ToldChange, ToldItem, ToldPart};

use crate::template::{
    AgendaChanged, Answer, CalendarUpdate, Cancelled, Change, ChangeKind, Common, Confirmed,
    CredentialIssued, Event, EventCancelled, Invitation as Asking, IssuedPaper, Item, Message,
    Organiser, Recipient, Reminder,
};
use crate::words::{self, Language};

/// All that is known for one mail.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The mail, with what is so.
    pub outgoing: &'a Outgoing,
    /// What links begin with.
    pub site: &'a Site,
    /// Where one can write to the office.
    pub reached: Option<&'a str>,
    /// Where the reader says that they want no more such mail.
    pub leave: Option<&'a str>,
    /// The language that it is in.
    pub language: Language,
}

/// The language that a mail is written in: that of its reader, else that of its event, as far as mails are
/// written in it.
pub fn language_of(outgoing: &Outgoing) -> Language {
    let reader = outgoing.person.as_ref();
    let own = reader.and_then(|person| person.language.clone());
    let of_event = outgoing.event.title.main_language().clone();
    Language::best_for(&own.into_iter().chain([of_event]).collect::<Vec<_>>())
}

/// Where the reader of a mail says that they want no more of what goes to many.
pub fn leave_of(outgoing: &Outgoing, site: &Site) -> Option<String> {
    let secrets = outgoing.secrets.as_ref()?;
    let is_bulk = outgoing.delivery.kind.is_bulk();
    is_bulk.then(|| site.leave(&secrets.leave))
}

impl Facts<'_> {
    /// What the mail says; nothing, where there is nothing to say any more.
    pub fn message(&self) -> Option<Message> {
        let common = self.common();
        let note = self.outgoing.told.note.clone();
        Some(match self.outgoing.delivery.kind {
            MessageKind::Invitation => Message::Invitation(Asking {
                common,
                message: note,
                items: self.items(),
                answer: self.answer()?,
            }),
            MessageKind::Reminder => Message::Reminder(Reminder {
                common,
                message: note,
                items: self.items(),
                answer: Some(self.answer()?),
            }),
            MessageKind::Confirmed => Message::Confirmed(Confirmed {
                common,
                message: note,
                items: self.items(),
                change: self.answer().map(|answer| answer.no),
            }),
            MessageKind::Cancelled => Message::Cancelled(Cancelled {
                common,
                reason: note,
            }),
            MessageKind::EventCancelled => Message::EventCancelled(EventCancelled {
                common,
                reason: note,
            }),
            MessageKind::AgendaChanged => Message::AgendaChanged(AgendaChanged {
                common,
                message: note,
                changes: self.changes(),
                answer: self.answer_again(),
            }),
            MessageKind::CredentialIssued => Message::CredentialIssued(CredentialIssued {
                common,
                paper: self.paper()?,
            }),
            MessageKind::CalendarUpdate => Message::CalendarUpdate(CalendarUpdate {
                common,
                change: self.entry_change(self.outgoing.invitation.as_ref()?),
            }),
        })
    }

    fn common(&self) -> Common {
        let outgoing = self.outgoing;
        let event = &outgoing.event;
        let wished: Option<LanguageTag> = self.language.tag().parse().ok();
        let mut words = Event::new(
            event.title.best_for(wished.as_slice()),
            &event.time,
            None,
            None,
            self.language,
        );
        // Where the event tells no hour and something in the mail does, its clocks are named all the same.
        if event.time.starts_at.is_none() && self.tells_hours() {
            let midnight = event.time.starts_on.into();
            let clocks = words::clocks(event.time.zone, midnight, self.language);
            words.when = match self.language {
                Language::English => format!("{} ({clocks})", words.when),
                Language::Chinese => format!("{}（{clocks}）", words.when),
            };
        }
        let place = outgoing.to_event.as_ref();
        let place = place.and_then(|one| one.entry.place.clone());
        Common {
            recipient: Recipient {
                name: outgoing
                    .person
                    .as_ref()
                    .map(|person| person.name.clone())
                    .unwrap_or_default(),
            },
            event: Event {
                place: place.or_else(|| event.locality.clone()),
                ..words
            },
            organiser: Organiser {
                name: outgoing.workspace.name.clone(),
                address: self.reached.map(str::to_owned),
            },
            feed: outgoing
                .secrets
                .as_ref()
                .map(|secrets| self.site.calendar(&secrets.calendar)),
            leave: self.leave.map(str::to_owned),
        }
    }

    /// What was issued, in words; nothing, where it is in force no longer.
    fn paper(&self) -> Option<IssuedPaper> {
        let issued = self.outgoing.issued.as_ref()?;
        let credential = &issued.credential;
        if credential.status != CredentialStatus::Valid {
            return None;
        }
        let wished: Option<LanguageTag> = self.language.tag().parse().ok();
        let said = |text: &LocalizedText| text.best_for(wished.as_slice()).to_owned();
        let paper = &credential.paper;
        let is_appointment = credential.kind == CredentialKind::AppointmentLetter;
        let title = said(&paper.title);
        Some(IssuedPaper {
            kind: words::credential(credential.kind, self.language).to_owned(),
            title: match (&paper.body, self.language) {
                (Some(body), Language::Chinese) if is_appointment => {
                    format!("{}{title}", said(body))
                }
                (Some(body), Language::English) if is_appointment => {
                    format!("{title}, {}", said(body))
                }
                _ => title,
            },
            number: credential.number.clone(),
            issuers: paper.issuers.iter().map(said).collect(),
            verification: self.site.verify(&credential.code),
            page: self.site.credential(&issued.secret),
            is_to_be_accepted: is_appointment && credential.accepted_at.is_none(),
        })
    }

    /// Whether the mail says when something begins, besides the event.
    fn tells_hours(&self) -> bool {
        match self.outgoing.delivery.kind {
            MessageKind::Invitation | MessageKind::Reminder | MessageKind::Confirmed => {
                !self.outgoing.parts.is_empty()
            }
            MessageKind::AgendaChanged | MessageKind::CalendarUpdate => true,
            MessageKind::Cancelled
            | MessageKind::EventCancelled
            | MessageKind::CredentialIssued => false,
        }
    }

    fn answer(&self) -> Option<Answer> {
        let secrets = self.outgoing.secrets.as_ref()?;
        let page = self.site.answer(&secrets.answer);
        let link = |answer: InvitationAnswer| format!("{page}?answer={answer}");
        let zone = self.outgoing.event.time.zone;
        let by = self.outgoing.told.answer_by;
        let by = by.or_else(|| self.outgoing.participant.as_ref()?.answer_by);
        Some(Answer {
            yes: link(InvitationAnswer::Accepted),
            maybe: link(InvitationAnswer::Tentative),
            no: link(InvitationAnswer::Declined),
            by: by.map(|by| words::moment(zone, by, self.language)),
        })
    }

    /// Who is expected may say anew whether they come.
    fn answer_again(&self) -> Option<Answer> {
        let participant = self.outgoing.participant.as_ref()?;
        let is_asked = matches!(
            participant.status.state(),
            ParticipantState::Invited | ParticipantState::Tentative | ParticipantState::Confirmed
        );
        let mut answer = self.answer().filter(|_| is_asked)?;
        answer.by = None;
        Some(answer)
    }

    /// What they are part of, as far as it takes place.
    fn items(&self) -> Vec<Item> {
        let parts = self.outgoing.parts.iter();
        let standing = parts.filter(|one| one.status == InvitationStatus::Standing);
        standing
            .map(|one| Item {
                when: self.when(&one.entry.time),
                title: one.entry.title.clone(),
                place: one.entry.place.clone(),
                role: None,
            })
            .collect()
    }

    fn when(&self, time: &InvitedTime) -> String {
        match time {
            InvitedTime::Event(time) => words::event_time(time, self.language),
            InvitedTime::Item {
                starts_at, ends_at, ..
            } => words::short_span(*starts_at, *ends_at, self.language),
        }
    }

    fn line(&self, parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(self.comma()))
    }

    fn comma(&self) -> &'static str {
        match self.language {
            Language::English => ", ",
            Language::Chinese => "，",
        }
    }

    /// What has become of an entry in their calendar.
    fn entry_change(&self, invitation: &Invitation) -> Change {
        let entry = &invitation.entry;
        let line = self.line([Some(self.when(&entry.time)), entry.place.clone()]);
        let kind = match invitation.status {
            InvitationStatus::Withdrawn => ChangeKind::Cancelled,
            InvitationStatus::Standing if !self.outgoing.was_told => ChangeKind::Added,
            InvitationStatus::Standing if self.outgoing.told.moved => ChangeKind::Moved,
            InvitationStatus::Standing => ChangeKind::Changed,
        };
        let (before, after) = if kind == ChangeKind::Cancelled {
            (line, None)
        } else {
            (None, line)
        };
        Change {
            kind,
            title: entry.title.clone(),
            before,
            after,
        }
    }

    fn changes(&self) -> Vec<Change> {
        let told = self.outgoing.told.changes.iter();
        told.map(|change| self.change(change)).collect()
    }

    fn change(&self, change: &ToldChange) -> Change {
        let has = |kind| change.kinds.contains(&kind);
        let kind = if has(ItemChangeKind::Added) {
            ChangeKind::Added
        } else if has(ItemChangeKind::Removed) {
            ChangeKind::Cancelled
        } else if has(ItemChangeKind::Moved) {
            ChangeKind::Moved
        } else {
            ChangeKind::Changed
        };
        let sides = [change.after.as_ref(), change.before.as_ref()];
        let item = sides
            .into_iter()
            .flatten()
            .find_map(|part| part.item.as_ref());
        let (was, is) = (
            self.part(change.before.as_ref()),
            self.part(change.after.as_ref()),
        );
        // Where both read alike, what is otherwise is the title or the text: no line would show it.
        let (before, after) = if kind == ChangeKind::Changed && was == is {
            let title = |part: Option<&ToldPart>| Some(self.title(part?.item.as_ref()?));
            let titles = (title(change.before.as_ref()), title(change.after.as_ref()));
            if titles.0 == titles.1 {
                (None, is)
            } else {
                titles
            }
        } else {
            (was, is)
        };
        Change {
            kind,
            title: item.map_or_else(|| self.common().event.title, |item| self.title(item)),
            before,
            after,
        }
    }

    fn title(&self, item: &ToldItem) -> String {
        let wished: Option<LanguageTag> = self.language.tag().parse().ok();
        let main = self.outgoing.event.title.main_language().clone();
        let wished: Vec<_> = wished.into_iter().chain([main]).collect();
        match &item.title {
            Some(title) => title.best_for(&wished).to_owned(),
            None => item.kind.label(&wished).to_owned(),
        }
    }

    /// When, where and as what, on one line.
    fn part(&self, part: Option<&ToldPart>) -> Option<String> {
        let part = part?;
        let item = part.item.as_ref();
        let span = |start: NaiveDateTime, item: &ToldItem| {
            words::short_span(start, item.ends_at, self.language)
        };
        let when = item.and_then(|item| Some(span(item.starts_at?, item)));
        let place = item.and_then(|item| item.room.clone());
        let roles = part.roles.iter();
        let roles = roles.map(|role| words::role(*role, self.language).to_owned());
        self.line([when, place].into_iter().chain(roles.map(Some)))
    }
}
