// What `ical.js` reads, one line of JSON a file: times by what the object tells of the zone.
//     node ical.mjs FILE…
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const only = (component, name) => component.getFirstProperty(name);
const text = (component, name) => only(component, name)?.getFirstValue() ?? null;

function moment(property) {
  if (!property) return null;
  const time = property.getFirstValue();
  if (time.isDate) return time.toString();
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

function person(property) {
  const address = property.getFirstValue().replace(/^mailto:/, "");
  return { address, name: property.getParameter("cn") ?? null };
}

function event(component) {
  const attendee = only(component, "attendee");
  return {
    uid: text(component, "uid"),
    sequence: text(component, "sequence"),
    status: text(component, "status"),
    summary: text(component, "summary"),
    description: text(component, "description"),
    location: text(component, "location"),
    categories: only(component, "categories")?.getValues() ?? [],
    url: text(component, "url"),
    start: moment(only(component, "dtstart")),
    end: moment(only(component, "dtend")),
    organizer: person(only(component, "organizer")),
    attendee: attendee && { ...person(attendee), answer: attendee.getParameter("partstat") },
    label: only(component, "conference")?.getParameter("label") ?? null,
  };
}

for (const file of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  const events = calendar.getAllSubcomponents("vevent").map(event);
  const read = { method: text(calendar, "method"), name: text(calendar, "name"), events };
  console.log(JSON.stringify(read));
}
