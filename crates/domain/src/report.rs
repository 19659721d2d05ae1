//! Reports: how an event was reported afterwards.

use chrono::{NaiveDate, NaiveDateTime};

use crate::id::{EventId, ReportId};
use crate::patch::{Patch, web_address};
use crate::refusal::{Invalid, Refusals};
use crate::text::{Key, LanguageTag, TextError, line, passage};

/// How an event was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: String,
    /// The day on which it was published.
    pub published_on: Option<NaiveDate>,
    /// The time, by the clocks of the event's zone, where it is known.
    pub published_at: Option<NaiveDateTime>,
    /// The language it is written in.
    pub language: LanguageTag,
    /// Where it can be read.
    pub url: Option<String>,
    /// Who made it, in order.
    pub credits: Vec<Credit>,
    /// The figures it gives, in order.
    pub key_figures: Vec<KeyFigure>,
    /// The documents it cites, in order.
    pub documents_cited: Vec<String>,
    /// Its place in the list, from 0.
    pub position: i32,
}

/// Who made a report, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// As what: "translator".
    pub role: String,
    /// Who.
    pub name: String,
}

/// A figure that a report gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it counts.
    pub label: String,
    /// The figure, as written: "12.4%".
    pub value: String,
    /// What it is counted in, where the figure does not say.
    pub unit: Option<String>,
    /// What is said of it besides.
    pub note: Option<String>,
}

/// What is to be said of a report.
#[derive(Debug, Clone, Default)]
pub struct ReportPatch {
    /// See [`Report::external_id`].
    pub external_id: Patch<String>,
    /// See [`Report::title`].
    pub title: Patch<String>,
    /// See [`Report::publisher`].
    pub publisher: Patch<String>,
    /// See [`Report::published_on`].
    pub published_on: Patch<NaiveDate>,
    /// See [`Report::published_at`].
    pub published_at: Patch<NaiveDateTime>,
    /// See [`Report::language`].
    pub language: Patch<LanguageTag>,
    /// See [`Report::url`].
    pub url: Patch<String>,
    /// See [`Report::credits`].
    pub credits: Patch<Vec<Credit>>,
    /// See [`Report::key_figures`].
    pub key_figures: Patch<Vec<KeyFigure>>,
    /// See [`Report::documents_cited`].
    pub documents_cited: Patch<Vec<String>>,
}

impl Report {
    /// A report of which nothing is known but its language.
    pub fn unknown(id: ReportId, event_id: EventId, language: LanguageTag, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            title: None,
            publisher: String::new(),
            published_on: None,
            published_at: None,
            language,
            url: None,
            credits: Vec::new(),
            key_figures: Vec::new(),
            documents_cited: Vec::new(),
            position,
        }
    }
}

impl Credit {
    fn checked(self) -> Result<Self, TextError> {
        Ok(Self {
            role: line(&self.role)?,
            name: line(&self.name)?,
        })
    }
}

impl KeyFigure {
    fn checked(self) -> Result<Self, TextError> {
        Ok(Self {
            label: line(&self.label)?,
            value: line(&self.value)?,
            unit: self.unit.as_deref().map(line).transpose()?,
            note: self.note.as_deref().map(passage).transpose()?,
        })
    }
}

impl ReportPatch {
    /// Lays it over what is known. A time is of a day: where only the time is said, the day
    /// follows from it.
    pub fn apply<R: From<Invalid>>(self, to: &mut Report, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.line_or_clear("title", self.title, &mut to.title);
        refusals.line("publisher", self.publisher, &mut to.publisher);
        let day_is_told = !self.published_on.is_keep();
        refusals.put_or_clear("publishedOn", self.published_on, &mut to.published_on);
        let time_is_told = self.published_at.set().is_some();
        refusals.put_or_clear("publishedAtLocal", self.published_at, &mut to.published_at);
        if let Some(at) = to.published_at {
            if time_is_told && !day_is_told {
                to.published_on = Some(at.date());
            } else if to.published_on != Some(at.date()) {
                refusals.invalid("publishedAtLocal", "is not on the day that is given");
            }
        }
        refusals.put("language", self.language, &mut to.language);
        refusals.set_or_clear("url", self.url, &mut to.url, web_address);
        refusals.list("credits", self.credits, &mut to.credits, Credit::checked);
        refusals.list(
            "keyFigures",
            self.key_figures,
            &mut to.key_figures,
            KeyFigure::checked,
        );
        refusals.lines(
            "documentsCited",
            self.documents_cited,
            &mut to.documents_cited,
        );
    }
}

refusals! {
    /// Why a report is not added.
    ReportAddRefused { Invalid, Taken, KeyReused }
    /// Why a report is not changed.
    ReportUpdateRefused { Invalid, Stale, Taken }
    /// Why a report is not removed.
    ReportRemoveRefused { Stale }
}
