//! Reports: how an event was reported afterwards.

use chrono::{NaiveDate, NaiveDateTime};

use crate::id::{EventId, ReportId};
use crate::text::{Key, LanguageTag};

/// How an event was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The event.
    pub event_id: EventId,
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
