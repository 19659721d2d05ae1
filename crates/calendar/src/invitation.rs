//! Asking one person to come, and taking it back (iTIP; RFC 5546).

use chrono::{DateTime, Utc};

use crate::entry::{Attendee, Entry};
use crate::object::{add_attendee, add_zones, event, frame};
use crate::property::print;

/// The calendar object that asks one person to come, tells them what is otherwise, or takes it back:
/// [`Entry::method`] says which, and is the `method` of the media type as well (RFC 6047, 2.4).
///
/// One entry and one attendee, so that nobody learns from it who else is asked. It holds all that is
/// known, not what is otherwise (RFC 5546, 3.2.2): what tells a reader that it supersedes another are
/// the UID, the raised SEQUENCE, and the `stamp`, which is the moment of sending (DTSTAMP; RFC 5545,
/// 3.8.7.2).
pub fn invitation(entry: &Entry, attendee: &Attendee, stamp: DateTime<Utc>) -> Vec<u8> {
    let method = entry.method();
    let mut object = frame(method.as_str());
    add_zones(&mut object, [entry]);
    let mut event = event(entry, stamp);
    add_attendee(&mut event, attendee, method);
    object.add_component(event);
    print(&object)
}
