"""What `icalendar` and `recurring-ical-events` read: times by the zone's name and by what the object tells of it."""

import datetime
import zoneinfo

import icalendar
import recurring_ical_events

# The database that is pinned, not the machine's.
zoneinfo.reset_tzpath(to=[])
UTC = datetime.timezone.utc


def read(path):
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    told = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    events = list(calendar.walk("VEVENT"))
    occurrences = recurring_ical_events.of(calendar, skip_bad_series=False).all()
    occur = sorted((str(one["UID"]), moment(one["DTSTART"].dt)) for one in occurrences)
    own = sorted((str(one["UID"]), moment(one["DTSTART"].dt)) for one in events)
    errors = [str(error) for one in calendar.walk() for error in one.errors]
    return {
        "method": str(calendar["METHOD"]),
        "name": text(calendar.calendar_name),
        "events": [event(one, told) for one in events],
        "errors": errors + ([] if occur == own else [f"occurs at {occur}, not {own}"]),
    }


def event(one, told):
    start, end = one["DTSTART"], one.get("DTEND")
    attendee, organizer = one.get("ATTENDEE"), one["ORGANIZER"]
    categories = one.get("CATEGORIES")
    return {
        "uid": str(one["UID"]),
        "sequence": int(one["SEQUENCE"]),
        "status": str(one["STATUS"]),
        "summary": text(one.get("SUMMARY")),
        "description": text(one.get("DESCRIPTION")),
        "location": text(one.get("LOCATION")),
        "categories": [str(category) for category in categories.cats] if categories else [],
        "url": text(one.get("URL")),
        "start": moment(start.dt),
        "end": moment(end.dt) if end else None,
        "start (told)": moment(start.dt, told.get(start.params.get("TZID"))),
        "end (told)": moment(end.dt, told.get(end.params.get("TZID"))) if end else None,
        "organizer": person(organizer),
        "attendee": person(attendee) | {"answer": attendee.params["PARTSTAT"]} if attendee else None,
        "label": text(one["CONFERENCE"].params.get("LABEL")) if "CONFERENCE" in one else None,
    }


def person(address):
    return {"address": str(address).removeprefix("mailto:"), "name": text(address.params.get("CN"))}


def text(value):
    return None if value is None else str(value)


def moment(value, zone=None):
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if zone is not None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
