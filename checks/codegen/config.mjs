import { join } from "node:path";

import { checks, examples, root, schemaFile } from "../tools.mjs";

const build = join(checks, "build", "codegen");

// A scalar that is not here is a fault: a client would get `any`.
const scalars = {
  Date: "string",
  DateTime: "string",
  LanguageTag: "string",
  LocalDateTime: "string",
  TimeZone: "string",
  URL: "string",
};

export default {
  schema: schemaFile,
  documents: [join(root, examples, "*.graphql")],
  errorsOnly: true,
  config: { strictScalars: true, scalars, useTypeImports: true, enumsAsTypes: true },
  generates: {
    // What most clients use: documents that know the types of their variables and answers.
    [`${build}/client/`]: { preset: "client" },
    // All types of the schema, whether an operation asks for them or not.
    [`${build}/schema.ts`]: { plugins: ["typescript"], config: { nonOptionalTypename: true } },
  },
};
