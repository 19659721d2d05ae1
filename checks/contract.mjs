// What clients were promised: a folder with a schema that ours must contain (core.graphql) and
// operations that must be valid as they stand. The environment variable CONVOKE_CONTRACT names it.
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { DangerousChangeType, findBreakingChanges, findDangerousChanges } from "graphql";

import { NOT_BUILT } from "./contract-not-built.mjs";
import { mustBeValid, readSchema } from "./schema.mjs";
import { Fault, LeftOut, filesIn, root, version } from "./tools.mjs";

export function contract() {
  const named = process.env.CONVOKE_CONTRACT;
  if (!named) throw new LeftOut("CONVOKE_CONTRACT does not name the folder that core.graphql is in");
  const folder = resolve(root, named);
  const core = join(folder, "core.graphql");
  if (!existsSync(core)) throw new Fault(`there is no core.graphql in ${named} (CONVOKE_CONTRACT)`);

  const schema = readSchema();
  const promised = readSchema(core);
  const changes = [
    ...findBreakingChanges(promised, schema),
    // Additions are free. Another default is not: the same request would mean something else.
    ...findDangerousChanges(promised, schema).filter(({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE),
  ].map(({ type, description }) => `${type}: ${description}`);

  const allowed = NOT_BUILT.flatMap(({ changes }) => changes);
  const broken = changes.filter((change) => !allowed.includes(change));
  const stale = allowed.filter((change) => !changes.includes(change));
  const twice = allowed.filter((change, at) => allowed.indexOf(change) !== at);
  if (broken.length + stale.length + twice.length > 0) {
    throw new Fault(
      [
        ...broken.map((change) => `breaks the contract: ${change}`),
        ...stale.map((change) => `is no longer so, strike it from contract-not-built.mjs: ${change}`),
        ...twice.map((change) => `is twice in contract-not-built.mjs: ${change}`),
      ].join("\n"),
    );
  }

  const operations = filesIn(folder, ".graphql").filter((file) => file !== core);
  for (const file of operations) mustBeValid(schema, file);
  const names = operations.map((file) => basename(file)).join(", ");
  return `graphql ${version("graphql")}: no breaking change but the ${changes.length} that are not built yet; valid: ${names}`;
}
