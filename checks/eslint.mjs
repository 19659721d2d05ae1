// GraphQL-ESLint, with all rules for schemas and Relay's, and those recommended for operations. What
// is excepted, and why, is in eslint.config.mjs.
import { join, relative } from "node:path";

import { ESLint } from "eslint";
import { isObjectType } from "graphql";

import { VALUES, rulesOfOperations, rulesOfSchema } from "./eslint.config.mjs";
import { readSchema } from "./schema.mjs";
import { Fault, checks, examples, root, version } from "./tools.mjs";

export async function eslint() {
  const linter = new ESLint({ cwd: root, overrideConfigFile: join(checks, "eslint.config.mjs") });
  const results = await linter.lintFiles(["schema.graphql", `${examples}/*.graphql`]);
  const findings = results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, ruleId, message }) => `${relative(root, filePath)}:${line} ${ruleId ?? ""} ${message}`),
  );

  // An exception for what is gone, or has an id by now.
  const schema = readSchema();
  for (const name of VALUES) {
    const type = schema.getType(name);
    if (!isObjectType(type) || type.getFields().id) findings.push(`eslint.config.mjs: ${name} needs no exception`);
  }
  if (findings.length > 0) throw new Fault(findings.join("\n"));
  const on = (rules) => Object.values(rules).filter((setting) => setting !== "off").length;
  return (
    `@graphql-eslint ${version("@graphql-eslint/eslint-plugin")} on ESLint ${version("eslint")}: nothing found by ` +
    `${on(rulesOfSchema)} rules on the schema and ${on(rulesOfOperations)} on ${results.length - 1} operations`
  );
}
