//! Whatever a text holds, it is read as it was meant, and adds nothing.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use proptest::prelude::*;

use super::reader::{self, Component};
use super::samples::{attendee, entry, moment, span};
use crate::{Conference, Entry, Feed, Status, download, feed, invitation};

/// Texts that are likely to go wrong, and any others.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nATTENDEE:mailto:x@example.org"),
        Just("\n"),
        Just("\r"),
        Just("\\n"),
        Just("\\"),
        Just(","),
        Just(";"),
        Just(":"),
        Just("\""),
        Just("^"),
        Just("^n"),
        Just("^'"),
        Just("'"),
        Just("会议"),
        Just("🎉"),
        Just("👩‍🔬"),
        Just("e\u{301}"),
        Just("\u{feff}"),
        Just("\u{2028}"),
        Just("\u{85}"),
        Just("\0"),
        Just("\t"),
        Just(" "),
        Just("   "),
        Just("END:VEVENT"),
        Just("x"),
    ];
    prop_oneof![
        3 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "\\PC{0,300}",
    ]
}

/// What a text is after control characters are dropped and line breaks are made one.
fn kept(text: &str) -> String {
    let lines = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    lines
        .chars()
        .filter(|character| !character.is_control() || "\n\t".contains(*character))
        .collect()
}

/// What a name is in a parameter, where neither tabs nor backslashes are safe.
fn kept_name(text: &str) -> String {
    kept(text).replace('\t', " ").replace('\\', "/")
}

fn told(text: &str) -> Option<String> {
    let text = kept(text);
    (!text.trim().is_empty()).then_some(text)
}

fn filled(texts: &[String; 6]) -> Entry {
    let mut entry = entry(span(
        "Asia/Shanghai",
        "2026-05-14T09:00:00",
        "2026-05-14T10:00:00",
    ));
    let [summary, description, location, category, name, label] = texts.clone();
    entry.summary = summary;
    entry.description = Some(description);
    entry.location = Some(location);
    entry.categories = vec![category, "Keynotes".to_owned()];
    entry.organizer.name = Some(name);
    let url = "https://meet.example.org/1".to_owned();
    entry.conference = Some(Conference {
        url,
        label: Some(label),
    });
    entry
}

fn event(object: &Component) -> &Component {
    object.all("VEVENT").next().unwrap()
}

proptest! {
    #[test]
    fn texts_are_read_as_they_were_meant(texts in prop::array::uniform6(text())) {
        let entry = filled(&texts);
        let object = reader::read(&download(std::slice::from_ref(&entry)));
        let event = event(&object);
        let [summary, description, location, category, name, label] = &texts;
        prop_assert_eq!(event.property("SUMMARY").unwrap().text(), kept(summary));
        for (property, text) in [("DESCRIPTION", description), ("LOCATION", location)] {
            prop_assert_eq!(event.property(property).map(reader::Property::text), told(text));
        }
        let category = kept(category.trim());
        let mut categories = event.property("CATEGORIES").unwrap().texts();
        prop_assert_eq!(categories.pop(), Some("Keynotes".to_owned()));
        prop_assert_eq!(categories.pop().unwrap_or_default(), category);
        let name_read = event.property("ORGANIZER").unwrap().parameters.get("CN").cloned();
        prop_assert_eq!(name_read, told(name).map(|_| kept_name(name)));
        let label_read = event.property("CONFERENCE").unwrap().parameters.get("LABEL").cloned();
        prop_assert_eq!(label_read, told(label).map(|_| kept_name(label)));
        prop_assert_eq!(event.property("ATTENDEE").map(|property| &property.value), None);
    }

    #[test]
    fn calcard_reads_the_same_texts(texts in prop::array::uniform6(text())) {
        let mut entry = filled(&texts);
        entry.categories.clear();
        let bytes = download(std::slice::from_ref(&entry));
        let read = ICalendar::parse(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let mut events =
            read.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent);
        let event = events.next().unwrap();
        prop_assert!(events.next().is_none());
        let [summary, description, location, ..] = &texts;
        for (property, text) in [
            (ICalendarProperty::Summary, summary),
            (ICalendarProperty::Description, description),
            (ICalendarProperty::Location, location),
        ] {
            let read = event.property(&property).and_then(|entry| entry.values.first());
            let read = read.and_then(|value| value.as_text()).unwrap_or_default();
            // A title is there, even if nothing but white space is in it.
            let is_title = property == ICalendarProperty::Summary;
            let meant = if is_title { kept(text) } else { told(text).unwrap_or_default() };
            prop_assert_eq!(read, &meant);
        }
        prop_assert!(event.property(&ICalendarProperty::Attendee).is_none());
        let names = event.entries.len();
        let plain = filled(&std::array::from_fn(|_| "x".to_owned()));
        prop_assert!(names < event_names(&plain).len() + 1);
    }

    /// The same properties stand there, whatever the texts are: only those are missing that say nothing.
    #[test]
    fn texts_add_no_property(texts in prop::array::uniform6(text()), uid in text(), address in text()) {
        let plain = event_names(&filled(&std::array::from_fn(|_| "x".to_owned())));
        let mut entry = filled(&texts);
        entry.uid = uid;
        entry.url = Some(texts[0].clone());
        entry.organizer.sent_by = Some(address.clone());
        let mut attendee = attendee();
        attendee.name = Some(texts[1].clone());
        attendee.address = address;
        for status in [Status::Confirmed, Status::Cancelled] {
            entry.status = status;
            let object = reader::read(&invitation(&entry, &attendee, moment("2026-04-01T00:00:00Z")));
            for name in event(&object).names() {
                prop_assert!(plain.iter().any(|known| known == name) || ["URL", "ATTENDEE"].contains(&name));
            }
            prop_assert_eq!(object.components.len(), 2);
            prop_assert_eq!(event(&object).components.len(), 0);
        }
    }

    #[test]
    fn feeds_are_read_as_they_were_meant(name in text(), description in text(), source in text()) {
        let calendar = Feed {
            name: name.clone(),
            description: Some(description.clone()),
            source: Some(source),
            refresh: chrono::TimeDelta::hours(1),
            color: None,
            entries: Vec::new(),
        };
        let object = reader::read(&feed(&calendar));
        for property in ["NAME", "X-WR-CALNAME"] {
            prop_assert_eq!(object.property(property).unwrap().text(), kept(&name));
        }
        for property in ["DESCRIPTION", "X-WR-CALDESC"] {
            prop_assert_eq!(object.property(property).unwrap().text(), kept(&description));
        }
        prop_assert!(object.components.is_empty());
    }
}

fn event_names(entry: &Entry) -> Vec<String> {
    let object = reader::read(&download(std::slice::from_ref(entry)));
    event(&object)
        .names()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect()
}
