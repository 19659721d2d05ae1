//! What a paper says, as it is kept: for ever, so by names that do not change.

use chrono::NaiveDate;
use domain::LocalizedText;
use domain::credential::Paper;
use serde_json::{Value as JsonValue, json};

use crate::column::AsJson;
use crate::record::Written;

impl AsJson for Paper {
    fn to_json(&self) -> JsonValue {
        let texts = |all: &[LocalizedText]| all.iter().map(AsJson::to_json).collect::<JsonValue>();
        let maybe = |text: &Option<LocalizedText>| text.as_ref().map(AsJson::to_json);
        json!({
            "holder": self.holder.to_json(),
            "title": self.title.to_json(),
            "body": maybe(&self.body),
            "citation": maybe(&self.citation),
            "event": self.event.to_json(),
            "eventStartsOn": self.event_days.0.write(),
            "eventEndsOn": self.event_days.1.write(),
            "place": maybe(&self.place),
            "since": self.since.map(|day| day.write()),
            "until": self.until.map(|day| day.write()),
            "issuers": texts(&self.issuers),
            "signatory": self.signatory,
            "sessions": texts(&self.sessions),
            "minutes": self.minutes,
            "issuedOn": self.issued_on.write(),
        })
    }

    fn from_json(mut json: JsonValue) -> Option<Self> {
        Some(Self {
            holder: read(&mut json, "holder")?,
            title: read(&mut json, "title")?,
            body: read(&mut json, "body")?,
            citation: read(&mut json, "citation")?,
            event: read(&mut json, "event")?,
            event_days: (
                read(&mut json, "eventStartsOn")?,
                read(&mut json, "eventEndsOn")?,
            ),
            place: read(&mut json, "place")?,
            since: read::<Option<NaiveDate>>(&mut json, "since")?,
            until: read::<Option<NaiveDate>>(&mut json, "until")?,
            issuers: texts(&mut json, "issuers")?,
            signatory: read(&mut json, "signatory")?,
            sessions: texts(&mut json, "sessions")?,
            minutes: read(&mut json, "minutes")?,
            issued_on: read(&mut json, "issuedOn")?,
        })
    }
}

fn member(json: &mut JsonValue, name: &str) -> JsonValue {
    json.get_mut(name).map(JsonValue::take).unwrap_or_default()
}

fn read<T: Written>(json: &mut JsonValue, name: &str) -> Option<T> {
    T::read(member(json, name))
}

impl Written for LocalizedText {
    fn write(&self) -> JsonValue {
        self.to_json()
    }
    fn read(value: JsonValue) -> Option<Self> {
        Self::from_json(value)
    }
}

fn texts(json: &mut JsonValue, name: &str) -> Option<Vec<LocalizedText>> {
    let JsonValue::Array(all) = member(json, name) else {
        return None;
    };
    all.into_iter().map(LocalizedText::from_json).collect()
}
