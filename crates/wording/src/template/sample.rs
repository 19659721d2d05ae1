//! Made-up mails, to see a template by: each with all that there can be to say, and with as little
//! as there can be.

use domain::credential::CredentialKind;
use domain::time::{EventTime, TimeZone};

use super::{
    AgendaChanged, Answer, CalendarUpdate, Cancelled, Change, ChangeKind, Common, Confirmed,
    CredentialIssued, Event, EventCancelled, Invitation, IssuedPaper, Item, Kind, Message,
    Organiser, Recipient, Reminder,
};
use crate::words::{self, Language};

/// A mail with much to say, and one with little.
pub fn samples(kind: Kind, language: Language) -> [Message; 2] {
    [full(kind, language), bare(kind, language)]
}

fn full(kind: Kind, language: Language) -> Message {
    let text = texts(language);
    let common = Common {
        recipient: Recipient {
            name: text.recipient.to_owned(),
        },
        event: Event::new(
            text.event,
            &event_time(),
            Some(text.place.to_owned()),
            Some("https://events.example.org/ageing-2026".to_owned()),
            language,
        ),
        organiser: Organiser {
            name: text.organiser.to_owned(),
            address: Some("forum@example.org".to_owned()),
        },
        feed: Some("https://events.example.org/feed/Kq3vX8.ics".to_owned()),
        leave: Some("https://events.example.org/leave/Kq3vX8".to_owned()),
    };
    let message = Some(text.message.to_owned());
    let answer = Answer {
        yes: "https://events.example.org/a/Kq3vX8/yes".to_owned(),
        maybe: "https://events.example.org/a/Kq3vX8/maybe".to_owned(),
        no: "https://events.example.org/a/Kq3vX8/no".to_owned(),
        by: Some(words::days(date(7, 10), date(7, 10), language)),
    };
    let items = vec![
        Item {
            when: words::short_span(at(23, 9, 0), Some(at(23, 10, 30)), language),
            title: text.item.to_owned(),
            place: Some(text.room.to_owned()),
            role: Some(text.role.to_owned()),
        },
        Item {
            when: words::short_span(at(24, 14, 0), Some(at(24, 15, 30)), language),
            title: text.other_item.to_owned(),
            place: None,
            role: None,
        },
    ];
    match kind {
        Kind::Invitation => Message::Invitation(Invitation {
            common,
            message,
            items,
            answer,
        }),
        Kind::Reminder => Message::Reminder(Reminder {
            common,
            message: None,
            items,
            answer: Some(answer),
        }),
        Kind::Confirmed => Message::Confirmed(Confirmed {
            common,
            message,
            items,
            change: Some(answer.no),
        }),
        Kind::Cancelled => Message::Cancelled(Cancelled {
            common,
            reason: Some(text.withdrawn.to_owned()),
        }),
        Kind::AgendaChanged => Message::AgendaChanged(AgendaChanged {
            common,
            message: Some(text.note.to_owned()),
            changes: changes(&text, language),
            answer: Some(answer),
        }),
        Kind::EventCancelled => Message::EventCancelled(EventCancelled {
            common,
            reason: Some(text.reason.to_owned()),
        }),
        Kind::CredentialIssued => Message::CredentialIssued(CredentialIssued {
            common,
            paper: IssuedPaper {
                kind: words::credential(CredentialKind::AppointmentLetter, language).to_owned(),
                title: match language {
                    Language::English => "Vice chair of the expert committee",
                    Language::Chinese => "专家委员会副主任委员",
                }
                .to_owned(),
                number: "HY-2027-000123".to_owned(),
                issuers: vec![text.organiser.to_owned()],
                verification: "https://events.example.org/verify/7K3M9QXT0A2BZZ1W".to_owned(),
                page: "https://events.example.org/credential/Kq3vX8".to_owned(),
                is_to_be_accepted: true,
            },
        }),
        Kind::CalendarUpdate => Message::CalendarUpdate(CalendarUpdate {
            common,
            change: Change {
                kind: ChangeKind::Moved,
                title: text.item.to_owned(),
                before: None,
                after: Some(line(&text, language)),
            },
        }),
    }
}

fn line(text: &Texts, language: Language) -> String {
    let when = words::short_span(at(23, 14, 0), Some(at(23, 15, 30)), language);
    match language {
        Language::English => format!("{when}, {}", text.other_room),
        Language::Chinese => format!("{when}，{}", text.other_room),
    }
}

fn changes(text: &Texts, language: Language) -> Vec<Change> {
    let line = |day, hour, room: &str| {
        let when = words::short_span(at(day, hour, 0), Some(at(day, hour + 1, 30)), language);
        match language {
            Language::English => format!("{when}, {room}"),
            Language::Chinese => format!("{when}，{room}"),
        }
    };
    let change = |kind, title: &str, before, after| Change {
        kind,
        title: title.to_owned(),
        before,
        after,
    };
    vec![
        change(
            ChangeKind::Moved,
            text.item,
            Some(line(23, 9, text.room)),
            Some(line(23, 14, text.other_room)),
        ),
        change(
            ChangeKind::Added,
            text.added,
            None,
            Some(line(24, 10, text.room)),
        ),
        change(
            ChangeKind::Changed,
            text.other_item,
            Some(text.was.to_owned()),
            Some(text.is.to_owned()),
        ),
        change(
            ChangeKind::Cancelled,
            text.dinner,
            Some(line(24, 18, text.other_room)),
            None,
        ),
    ]
}

/// The same with everything left out that can be.
fn bare(kind: Kind, language: Language) -> Message {
    let mut message = full(kind, language);
    let common = match &mut message {
        Message::Invitation(invitation) => {
            invitation.message = None;
            invitation.items = Vec::new();
            invitation.answer.by = None;
            &mut invitation.common
        }
        Message::Reminder(reminder) => {
            reminder.items = Vec::new();
            reminder.answer = None;
            &mut reminder.common
        }
        Message::Confirmed(confirmed) => {
            confirmed.message = None;
            confirmed.items = Vec::new();
            confirmed.change = None;
            &mut confirmed.common
        }
        Message::Cancelled(cancelled) => {
            cancelled.reason = None;
            &mut cancelled.common
        }
        Message::AgendaChanged(changed) => {
            changed.message = None;
            changed.changes.truncate(1);
            changed.answer = None;
            &mut changed.common
        }
        Message::EventCancelled(cancelled) => {
            cancelled.reason = None;
            &mut cancelled.common
        }
        Message::CredentialIssued(issued) => {
            issued.paper.issuers = Vec::new();
            issued.paper.is_to_be_accepted = false;
            &mut issued.common
        }
        Message::CalendarUpdate(update) => {
            update.change.kind = ChangeKind::Cancelled;
            update.change.after = None;
            &mut update.common
        }
    };
    common.recipient.name = String::new();
    common.event.place = None;
    common.event.url = None;
    common.organiser.address = None;
    common.feed = None;
    common.leave = None;
    message
}

struct Texts {
    recipient: &'static str,
    event: &'static str,
    place: &'static str,
    organiser: &'static str,
    message: &'static str,
    item: &'static str,
    other_item: &'static str,
    added: &'static str,
    dinner: &'static str,
    room: &'static str,
    other_room: &'static str,
    role: &'static str,
    was: &'static str,
    is: &'static str,
    reason: &'static str,
    note: &'static str,
    withdrawn: &'static str,
}

fn texts(language: Language) -> Texts {
    match language {
        Language::English => Texts {
            recipient: "Professor Wang",
            event: "Straits Forum on Healthy Ageing 2026",
            place: "International Conference Centre, 198 Huandao Road, Xiamen",
            organiser: "Xiamen Society of Geriatrics",
            message: "Your work on care at home has shaped how we think about ageing, and we would \
                      be honoured if you opened the first day.\n\nTravel and two nights are taken \
                      care of.",
            item: "Opening and keynote: who cares for the carers?",
            other_item: "Round table: what a town owes its eldest",
            added: "Discussion with the city's health commission",
            dinner: "Dinner of the speakers",
            room: "Hall A",
            other_room: "Room 302",
            role: "Keynote speaker",
            was: "Chair: Lin Yifan",
            is: "Chair: Chen Meihua",
            reason: "A typhoon is forecast for these days, and the city has asked us to hold no \
                     large meetings. We shall write when there is a new date.",
            note: "Room 302 is on the third floor, to the left of the lifts.",
            withdrawn: "As you asked on the telephone, somebody else has been given your place.",
        },
        Language::Chinese => Texts {
            recipient: "王教授",
            event: "2026海峡两岸健康老龄化论坛",
            place: "厦门国际会议中心（厦门市思明区环岛路198号）",
            organiser: "厦门市老年医学学会",
            message: "您在居家照护领域的研究令我们深受启发，恳请您在首日开幕式上作主旨报告。\n\n\
                      往返交通及两晚住宿由主办方承担。",
            item: "开幕式暨主旨报告：谁来照顾照护者",
            other_item: "圆桌讨论：城市如何善待高龄老人",
            added: "与市卫生健康委员会座谈",
            dinner: "嘉宾晚宴",
            room: "A厅",
            other_room: "302会议室",
            role: "主旨报告人",
            was: "主持人：林一凡",
            is: "主持人：陈美华",
            reason: "据气象部门预报，届时将有台风影响本市，按照有关部门要求，大型会议一律取消。\
                     改期安排将另行通知。",
            note: "302会议室位于三楼，出电梯左转即到。",
            withdrawn: "根据您来电所述，您的席位已安排给其他嘉宾。",
        },
    }
}

fn event_time() -> EventTime {
    EventTime {
        zone: "Asia/Shanghai".parse().unwrap_or(TimeZone::UTC),
        starts_on: date(7, 23),
        ends_on: date(7, 24),
        day_part: None,
        starts_at: Some(at(23, 9, 0)),
        ends_at: Some(at(24, 17, 0)),
    }
}

fn date(month: u32, day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

fn at(day: u32, hour: u32, minute: u32) -> chrono::NaiveDateTime {
    date(7, day)
        .and_hms_opt(hour, minute, 0)
        .unwrap_or_default()
}
