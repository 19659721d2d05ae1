// GraphQL Code Generator makes TypeScript of the schema and of operations on it, and the compiler
// accepts that, as strict as it can be, with a program that uses it.
import { join } from "node:path";

import { checks, emptyFolder, examples, filesIn, root, runPackage, version } from "./tools.mjs";

export function codegen() {
  emptyFolder("codegen");
  const folder = join(checks, "codegen");
  runPackage("@graphql-codegen/cli", "graphql-codegen", ["--config", join(folder, "config.mjs")]);
  runPackage("typescript", "tsc", ["--project", folder]);
  const operations = filesIn(join(root, examples), ".graphql").length;
  return (
    `graphql-codegen ${version("@graphql-codegen/cli")} with client-preset ${version("@graphql-codegen/client-preset")}: ` +
    `the schema and ${operations} operations; TypeScript ${version("typescript")} accepts them`
  );
}
