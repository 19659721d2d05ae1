//! The sheet at the door.

use chrono::NaiveDate;
use domain::LocalizedText;
use serde_json::{Value, json};

use crate::composer::Composer;
use crate::paper::Said;
use crate::picture::Picture;

/// The sheet at the door (签到表): who is expected, and a place to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInSheet {
    /// The event.
    pub event: LocalizedText,
    /// The session, where it is not for the whole event.
    pub session: Option<LocalizedText>,
    /// The day.
    pub date: NaiveDate,
    /// The room or the building.
    pub place: Option<LocalizedText>,
    /// Who is expected, in the order of the list.
    pub rows: Vec<SignInRow>,
    /// How many empty lines follow, for those who come unannounced.
    pub empty_rows: u16,
    /// The emblem at its head.
    pub logo: Option<Picture>,
}

/// Somebody who is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// Where one is from.
    pub organization: Option<LocalizedText>,
    /// The name.
    pub name: LocalizedText,
    /// The post.
    pub post: Option<LocalizedText>,
}

impl SignInSheet {
    pub(crate) fn composed(&self, composer: &mut Composer) -> Said<'_> {
        let rows = self.rows.iter().map(|row| {
            json!({
                "organization": composer.maybe(row.organization.as_ref()),
                "name": composer.text(&row.name),
                "post": composer.maybe(row.post.as_ref()),
            })
        });
        let rows: Value = rows.collect();
        let data = json!({
            "event": composer.text(&self.event),
            "session": composer.maybe(self.session.as_ref()),
            "date": composer.each(|language| words::days(self.date, self.date, language)),
            "place": composer.maybe(self.place.as_ref()),
            "rows": rows,
            "empty": self.empty_rows,
            "logo": composer.picture("logo", self.logo.as_ref()),
        });
        (data, &self.event, &[], self.date)
    }
}
