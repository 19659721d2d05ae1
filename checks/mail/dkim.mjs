// Verifies the signatures of the mails in a folder with mailauth, and nothing from the network:
// `node dkim.mjs FOLDER`. A mail of which somebody has changed a word must fail.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { dkimVerify } from "mailauth/lib/dkim/verify.js";

const folder = process.argv[2];
const records = new Map(
  readFileSync(join(folder, "records.tsv"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t")),
);
// As the resolver of node answers: a list of records, each of pieces.
async function resolver(name, type) {
  const record = records.get(name);
  if (type !== "TXT" || record === undefined) {
    throw Object.assign(new Error(name), { code: "ENOTFOUND" });
  }
  return [[record]];
}

async function verdict(mail) {
  const { results } = await dkimVerify(mail, { resolver });
  return results.map((result) => result.status.result).join(",");
}

let wrong = 0;
let verified = 0;
for (const name of readdirSync(folder).filter((name) => name.endsWith(".eml"))) {
  const mail = readFileSync(join(folder, name));
  const good = await verdict(mail);
  const subject = mail.toString("latin1").replace("\r\nSubject: ", "\r\nSubject: X");
  const added = mail.toString("latin1").replace("\r\nFrom: ", "\r\nFrom: eve@example.com\r\nFrom: ");
  const bad = await verdict(Buffer.from(subject, "latin1"));
  const worse = await verdict(Buffer.from(added, "latin1"));
  if (good !== "pass" || bad === "pass" || worse === "pass") {
    console.error(`${name}: ${good}; with another subject ${bad}, with a second From ${worse}`);
    wrong += 1;
  }
  verified += 1;
}
console.log(`mailauth: ${verified} mails verified, ${wrong} wrong`);
process.exit(wrong === 0 && verified > 0 ? 0 : 1);
