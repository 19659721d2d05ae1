// Runs the official audits of GraphQL over HTTP against a running server.
//
//     npm ci && node http-audit.mjs http://127.0.0.1:8080/graphql
//
// Prints how many pass of those that must, should and may, and each that does not; the exit code is
// 0 only if all 61 do.

import { auditServer } from "graphql-http";

const EXPECTED = { MUST: 13, SHOULD: 23, MAY: 25 };

const url = process.argv[2];
if (!url) {
  console.error("usage: node http-audit.mjs URL");
  process.exit(2);
}

const results = await auditServer({ url });

let failed = 0;
for (const [level, expected] of Object.entries(EXPECTED)) {
  const ofLevel = results.filter(({ name }) => name.startsWith(level));
  const passed = ofLevel.filter(({ status }) => status === "ok");
  failed += expected - passed.length;
  console.log(`${level} ${passed.length}/${expected}`);
}

for (const { id, name, status, reason } of results) {
  if (status !== "ok") console.log(`${status} ${id} ${name}: ${reason}`);
}

// More audits than are known here is a new version of the package: look at it before trusting it.
const known = Object.values(EXPECTED).reduce((sum, count) => sum + count);
if (results.length !== known) {
  console.log(`${results.length} audits were run, ${known} are known`);
  failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
