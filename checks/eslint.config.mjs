// Read with the repository's root as the working folder (eslint.mjs).
import { join } from "node:path";

import graphql from "@graphql-eslint/eslint-plugin";

import { examples, root, schemaFile } from "./tools.mjs";

/** Values: they belong to the thing whose field they are, and are cached and fetched again with it. */
export const VALUES = [
  "Agenda", // the one agenda of its event
  "AgendaConflict", // of an agenda as it is
  "AgendaDiff", // between two states of an agenda, and all it is made of
  "AgendaEditResult", // a change of one request
  "AgendaItemChange",
  "AgendaNotice", // of the AgendaVersion, which has an id
  "AgendaNoticeChange",
  "AgendaRevision", // of its event, by its number
  "AppearanceChange",
  "AuditChange", // of the AuditEntry, which has an id
  "AvailabilityWindow",
  "Credit",
  "Delegation", // of the EventOrganization, which has an id
  "DeliveryCount", // of the Message, which has an id
  "EventImportChanges",
  "EventTime",
  "InvitationReply", // of the Invitation, which has an id
  "KeyFigure",
  "Link",
  "MailTemplateFault", // of one preview
  "MailText", // of its workspace, by its name
  "MessagePreview", // a mail that was never written
  "OrganizationBulkCreateResult", // a row of one request
  "PaperLayout", // of its workspace, by its kind
  "PageInfo", // as Relay defines it
  "ParticipantBulkAddResult",
  "PersonBulkCreateResult",
  "Printout", // set for one request
  "ProposedTime", // of the ReceivedMail, which has an id
  "ReceivedMailContent",
  "ScheduleOddity", // of one document
  "ScheduleOddityCount",
  "Translation",
  "Use", // counted for one refusal
  "Viewer", // whoever asks
  "Verification", // what anybody is told by a code, and no id
];

export const rulesOfSchema = {
  ...graphql.configs["flat/schema-all"].rules,
  ...graphql.configs["flat/schema-relay"].rules,

  // Stricter than the presets: descriptions everywhere, and mutations as all of ours are.
  "@graphql-eslint/require-description": [
    "error",
    {
      types: true,
      DirectiveDefinition: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      // async-graphql does not print the descriptions of a directive's arguments.
      ignoredSelectors: ["DirectiveDefinition > InputValueDefinition"],
    },
  ],
  "@graphql-eslint/input-name": ["error", { checkInputType: true, caseSensitiveInputType: false }],

  // schema.mjs checks the order instead. This rule would have `id` first, directives among the types,
  // and SIGN_IN before SIGNING; a printed schema is sorted by code point, as graphql-js sorts it too.
  "@graphql-eslint/alphabetize": "off",
  // Things have ids, values have none. A page, a place on it, what a mutation answers and what is
  // wrong with its input are values too.
  "@graphql-eslint/strict-id-in-types": [
    "error",
    { exceptions: { types: VALUES, suffixes: ["Connection", "Edge", "Payload", "Error"] } },
  ],
  // Lists that stay short are plain lists, and so is a whole agenda: one request, no pages. And a
  // connection has `nodes` beside `edges`, for those who need no cursors.
  "@graphql-eslint/relay-edge-types": [
    "error",
    { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
  // The preset forbids mutations and subscriptions altogether, for schemas that only read.
  "@graphql-eslint/no-root-type": "off",
  // A mutation's payload is never null, what it was about is; and a list that nobody may see is
  // empty. A client need not ask for null before it can look into either.
  "@graphql-eslint/require-nullable-result-in-root": "off",
  // A payload holds what the mutation changed. What else is on the screen is another request's, with
  // limits and rights of its own.
  "@graphql-eslint/require-field-of-type-query-in-mutation-result": "off",
};

export const rulesOfOperations = {
  ...graphql.configs["flat/operations-recommended"].rules,
  // The examples are to be read by people. Clients with a cache add the ids themselves.
  "@graphql-eslint/require-selections": "off",
};

const language = {
  plugins: { "@graphql-eslint": graphql },
  languageOptions: {
    parser: graphql.parser,
    parserOptions: { graphQLConfig: { schema: schemaFile, documents: join(root, examples, "*.graphql") } },
  },
};

export default [
  { files: ["schema.graphql"], ...language, rules: rulesOfSchema },
  { files: [`${examples}/*.graphql`], ...language, rules: rulesOfOperations },
];
