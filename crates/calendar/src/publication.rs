//! Calendars that are read by whoever has the address: files to download, feeds to subscribe to.

use chrono::TimeDelta;
use ics::components::Component;

use crate::color::Color;
use crate::entry::Entry;
use crate::object::{add_zones, event, frame};
use crate::property::{Parameter, Value, add, print};

/// A calendar to subscribe to (RFC 7986).
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// What it is called (NAME, and X-WR-CALNAME for those who read only that; RFC 7986, 5.1).
    pub name: String,
    /// What it is (DESCRIPTION and X-WR-CALDESC; RFC 7986, 5.2).
    pub description: Option<String>,
    /// Where it is read from (SOURCE; RFC 7986, 5.8).
    pub source: Option<String>,
    /// After how long to look again (REFRESH-INTERVAL, X-PUBLISHED-TTL; RFC 7986, 5.7).
    pub refresh: TimeDelta,
    /// In what colour to show it (COLOR, X-APPLE-CALENDAR-COLOR; RFC 7986, 5.9).
    pub color: Option<Color>,
    /// What stands in it. What is called off stays, as called off: a reader that merges would never
    /// take away what is merely missing.
    pub entries: Vec<Entry>,
}

/// A feed as it is sent: `text/calendar`, published, nobody named who is asked (RFC 5546, 3.2.1).
///
/// The same data makes the same bytes, whenever it is asked for: the DTSTAMP of an entry is its
/// LAST-MODIFIED. So a strong `ETag` of them stays still. There is no X-WR-TIMEZONE: each time names its
/// own zone, and some readers move those that are in UTC by it.
pub fn feed(feed: &Feed) -> Vec<u8> {
    let mut object = frame("PUBLISH");
    for name in ["NAME", "X-WR-CALNAME"] {
        add(&mut object, name, &[], Value::Text(&feed.name));
    }
    if let Some(description) = &feed.description {
        for name in ["DESCRIPTION", "X-WR-CALDESC"] {
            add(&mut object, name, &[], Value::Text(description));
        }
    }
    if let Some(source) = &feed.source {
        add(
            &mut object,
            "SOURCE",
            &[("VALUE", Parameter::Word("URI"))],
            Value::Uri(source),
        );
    }
    let duration = [("VALUE", Parameter::Word("DURATION"))];
    add(
        &mut object,
        "REFRESH-INTERVAL",
        &duration,
        Value::Duration(feed.refresh),
    );
    add(
        &mut object,
        "X-PUBLISHED-TTL",
        &[],
        Value::Duration(feed.refresh),
    );
    if let Some(color) = feed.color {
        add(&mut object, "COLOR", &[], Value::Word(color.name()));
        add(
            &mut object,
            "X-APPLE-CALENDAR-COLOR",
            &[],
            Value::Text(&color.to_string()),
        );
    }
    publish(object, &feed.entries)
}

/// Entries as a file to download: as a [`feed`], without what a subscription needs.
pub fn download(entries: &[Entry]) -> Vec<u8> {
    publish(frame("PUBLISH"), entries)
}

fn publish(mut object: Component<'static>, entries: &[Entry]) -> Vec<u8> {
    add_zones(&mut object, entries);
    for entry in entries {
        object.add_component(event(entry, entry.last_modified));
    }
    print(&object)
}
