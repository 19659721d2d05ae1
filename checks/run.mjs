// What other people's tools say of the schema and of the server: one line for each check.
//
//     npm ci && node run.mjs             all of them
//     npm ci && node run.mjs relay http  some of them
//
// Nothing but `npm ci` needs the network. The exit code is 0 only if no check fails; one that is
// left out says why, and does not fail.
import { codegen } from "./codegen.mjs";
import { contract } from "./contract.mjs";
import { eslint } from "./eslint.mjs";
import { http } from "./http.mjs";
import { relay } from "./relay.mjs";
import { schema } from "./schema.mjs";
import { Fault, LeftOut } from "./tools.mjs";

const CHECKS = { schema, contract, relay, codegen, eslint, http };

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CHECKS);
const unknown = names.filter((name) => !Object.hasOwn(CHECKS, name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(", ")}; there are ${Object.keys(CHECKS).join(", ")}`);
  process.exit(2);
}

for (const name of names) {
  try {
    tell("ok", name, await CHECKS[name]());
  } catch (error) {
    if (error instanceof LeftOut) {
      tell("left out", name, error.message);
      continue;
    }
    process.exitCode = 1;
    // What a tool finds fault with is told in its own words; anything else is a fault of ours.
    tell("FAILED", name, error instanceof Fault ? error.message : error.stack);
  }
}

function tell(outcome, name, text) {
  console.log(`${outcome.padEnd(8)}  ${name.padEnd(8)}  ${text}`);
}
