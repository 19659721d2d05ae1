//! The programme of an event.

use chrono::{NaiveDate, NaiveTime, Timelike as _};
use domain::LocalizedText;
use domain::appearance::AppearanceRole;
use serde_json::{Value, json};

use crate::composer::Composer;
use crate::date;
use crate::paper::Said;
use crate::picture::Picture;

/// The programme of an event as a booklet (会议手册): a title page, then day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaBooklet {
    /// The event.
    pub event: LocalizedText,
    /// Its theme.
    pub theme: Option<LocalizedText>,
    /// Who stands behind it: what they are (`Hosts`, 主办单位) and their names, in protocol order.
    pub organizers: Vec<(LocalizedText, Vec<LocalizedText>)>,
    /// Its first day and its last.
    pub days: (NaiveDate, NaiveDate),
    /// Where it is.
    pub place: Option<LocalizedText>,
    /// By which clocks its times are told.
    pub clocks: Option<LocalizedText>,
    /// What happens on each day.
    pub agenda: Vec<AgendaDay>,
    /// The emblem on the title page.
    pub logo: Option<Picture>,
    /// Where the programme is kept up to date; printed, and as a QR code.
    pub address: Option<String>,
    /// As of which day it is.
    pub as_of: NaiveDate,
}

/// A day of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaDay {
    /// The day.
    pub date: NaiveDate,
    /// What happens, in order.
    pub entries: Vec<AgendaEntry>,
}

/// Something in a programme, and what happens within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaEntry {
    /// When it begins; none where only the order is known.
    pub start: Option<NaiveTime>,
    /// When it ends.
    pub end: Option<NaiveTime>,
    /// What it is called.
    pub title: LocalizedText,
    /// The track that it belongs to.
    pub track: Option<LocalizedText>,
    /// The room.
    pub room: Option<LocalizedText>,
    /// What it is about.
    pub about: Option<LocalizedText>,
    /// What is released and awarded at it, in order.
    pub presented: Vec<LocalizedText>,
    /// Who appears.
    pub people: Vec<Appearance>,
    /// What happens within it, such as the speeches of a panel.
    pub parts: Vec<AgendaEntry>,
}

/// Somebody who appears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// As what.
    pub role: AppearanceRole,
    /// The name.
    pub name: LocalizedText,
    /// Organization and post, as they are to be read.
    pub affiliation: Option<LocalizedText>,
}

impl AgendaBooklet {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let organizers = self.organizers.iter().map(
            |(role, names)| json!({ "role": composer.text(role), "names": composer.texts(names) }),
        );
        let organizers: Value = organizers.collect();
        let agenda = self.agenda.iter().map(|day| day.composed(composer));
        let agenda: Value = agenda.collect();
        let (first, last) = self.days;
        let data = json!({
            "event": composer.text(&self.event),
            "theme": composer.maybe(self.theme.as_ref()),
            "organizers": organizers,
            "days": composer.each(|language| date::span(first, last, language)),
            "place": composer.maybe(self.place.as_ref()),
            "clocks": composer.maybe(self.clocks.as_ref()),
            "agenda": agenda,
            "logo": composer.picture("logo", self.logo.as_ref()),
            "verification": composer.verification(self.address.as_deref()),
            "date": composer.date(self.as_of, date::Numerals::Figures),
        });
        (data, &self.event, &[], self.as_of)
    }
}

impl AgendaDay {
    fn composed(&self, composer: &Composer) -> Value {
        let entries = self.entries.iter().map(|entry| entry.composed(composer));
        let entries: Value = entries.collect();
        json!({
            "date": composer.each(|language| words::days(self.date, self.date, language)),
            "entries": entries,
        })
    }
}

impl AgendaEntry {
    fn composed(&self, composer: &Composer) -> Value {
        let people = self.people.iter().map(|one| {
            json!({
                "role": composer.each(|language| words::role(one.role, language).to_owned()),
                "name": composer.text(&one.name),
                "affiliation": composer.maybe(one.affiliation.as_ref()),
            })
        });
        let people: Value = people.collect();
        let presented = self.presented.iter().map(|one| composer.text(one));
        let presented: Value = presented.collect();
        let parts = self.parts.iter().map(|part| part.composed(composer));
        let parts: Value = parts.collect();
        json!({
            "start": self.start.map(clock),
            "end": self.end.map(clock),
            "title": composer.text(&self.title),
            "track": composer.maybe(self.track.as_ref()),
            "room": composer.maybe(self.room.as_ref()),
            "about": composer.maybe(self.about.as_ref()),
            "presented": presented,
            "people": people,
            "parts": parts,
        })
    }
}

/// In a column of times, hours have two figures in either language.
fn clock(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
