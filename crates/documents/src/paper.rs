//! What each kind of paper says.

use chrono::NaiveDate;
use domain::LocalizedText;
use serde_json::Value;

pub(crate) mod agenda;
pub(crate) mod appointment;
pub(crate) mod attendance;
pub(crate) mod award;
pub(crate) mod plaque;
pub(crate) mod sign_in;

/// The values of a paper, whom or what it is about, who is behind it, and the day that it bears.
pub(crate) type Said<'a> = (Value, &'a LocalizedText, &'a [LocalizedText], NaiveDate);
