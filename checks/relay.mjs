// Relay's compiler accepts the schema and what a Relay client asks of it: pages by cursor, things
// fetched again by their ids, a mutation that puts its event into the lists on the screen.
import { join } from "node:path";

import { Fault, checks, emptyFolder, filesIn, runPackage, version } from "./tools.mjs";

// Every operation and fragment in relay/src, and the queries that the compiler makes for @refetchable.
const ARTIFACTS = [
  "AgendaItems_agenda",
  "EventImportMutation",
  "EventListBackwardQuery",
  "EventListForwardQuery",
  "EventListQuery",
  "EventList_backward",
  "EventList_forward",
  "EventPageQuery",
  "EventPageRefetchQuery",
  "EventPage_event",
  "EventRow_event",
  "ParticipantListPageQuery",
  "ParticipantList_event",
  "PartyName_party",
];

export function relay() {
  const folder = emptyFolder("relay");
  runPackage("relay-compiler", "relay-compiler", ["relay.config.json"], join(checks, "relay"));
  const found = filesIn(folder, ".graphql.ts").map((file) => file.slice(folder.length + 1, -".graphql.ts".length));
  if (found.join() !== ARTIFACTS.join()) throw new Fault(`relay-compiler wrote ${found.join(", ")}`);
  return `relay-compiler ${version("relay-compiler")}: ${found.length} artifacts, with connections, refetchable nodes and a mutation`;
}
