"""What `vobject` reads: times by the zone's name, as `pytz` has it, and by what the object tells of it."""

import datetime

import vobject


def read(path):
    calendar = vobject.readOne(path.read_bytes().decode())
    told = {zone.tzid.value: zone.tzinfo for zone in calendar.contents.get("vtimezone", [])}
    return {
        "method": calendar.method.value,
        "name": calendar.name_list[0].value if hasattr(calendar, "name_list") else None,
        "events": [event(one, told) for one in calendar.contents.get("vevent", [])],
    }


def event(one, told):
    def value(name):
        return one.contents[name][0].value if name in one.contents else None

    attendee = one.contents.get("attendee", [None])[0]
    conference = one.contents.get("conference", [None])[0]
    return {
        "uid": value("uid"),
        "sequence": int(value("sequence")),
        "status": value("status"),
        "summary": value("summary"),
        "description": value("description"),
        "location": value("location"),
        "categories": value("categories") or [],
        "url": value("url"),
        "start": moment(value("dtstart")),
        "end": moment(value("dtend")) if value("dtend") else None,
        "start (told)": moment(value("dtstart"), zone_of(one, "dtstart", told)),
        "end (told)": moment(value("dtend"), zone_of(one, "dtend", told)) if value("dtend") else None,
        "organizer": person(one.organizer),
        "attendee": person(attendee) | {"answer": attendee.partstat_param} if attendee else None,
        "label": getattr(conference, "label_param", None),
    }


def person(address):
    return {"address": address.value.removeprefix("mailto:"), "name": getattr(address, "cn_param", None)}


def zone_of(one, name, told):
    # Where the reader keeps it when it has made a time of the property.
    return told.get(getattr(one.contents[name][0], "x_vobj_original_tzid_param", None))


def moment(value, zone=None):
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if zone is not None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
