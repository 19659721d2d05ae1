// What the contract holds and the schema does not, because it is not built yet. Each change is in the
// words of graphql-js, and the check fails on one that is so no longer: what is built is struck from
// the list.
export const NOT_BUILT = [
  {
    reason: "Nothing is pushed to clients yet: the feed of changes comes first.",
    changes: [
      "TYPE_REMOVED: Subscription was removed.",
      "TYPE_REMOVED: AgendaChange was removed.",
    ],
  },
  {
    reason: "Nobody registers through the API yet.",
    changes: [
      "TYPE_REMOVED: ParticipantRegisterInput was removed.",
      "TYPE_REMOVED: ParticipantRegisterPayload was removed.",
      "FIELD_REMOVED: Mutation.participantRegister was removed.",
    ],
  },
  {
    reason: "Nothing that is built can fail so: eventImport expects no version and fills no capacity.",
    changes: [
      "TYPE_REMOVED: CapacityExceededError was removed.",
    ],
  },
];
