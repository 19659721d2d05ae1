// Verifies badges with jose, as a wallet would: `node badges.mjs badges.json`. Each must verify against the set of keys,
// and not when a character is other; the revoked ones, and no others, must be marked in the status list.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { base64url, calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from "jose";

const { now, jwks, badges, revoked, status } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const keys = createLocalJWKSet(jwks);
const options = { currentDate: new Date(now * 1000) };
const wrong = [];

for (const jwk of jwks.keys) {
  if ((await calculateJwkThumbprint(jwk)) !== jwk.kid) wrong.push(`${jwk.kid}: not the thumbprint`);
  if ("d" in jwk || jwk.use !== "sig" || !jwk.alg) wrong.push(`${jwk.kid}: ${Object.keys(jwk)}`);
}

const list = await jwtVerify(status, keys, options);
const { type, credentialSubject } = list.payload;
if (!type.includes("BitstringStatusListCredential") || credentialSubject.type !== "BitstringStatusList") {
  wrong.push("the status list does not say that it is one");
}
if (!credentialSubject.encodedList.startsWith("u")) wrong.push("the status list is not multibase");
const bits = gunzipSync(base64url.decode(credentialSubject.encodedList.slice(1)));
if (bits.length * 8 < 131072) wrong.push(`the status list has ${bits.length * 8} bits`);
const isSet = (index) => (bits[index >> 3] & (0x80 >> (index & 7))) !== 0;
const set = [...Array(bits.length * 8).keys()].filter(isSet);
if (set.join() !== revoked.join()) wrong.push(`revoked: ${revoked}, in the list: ${set}`);

for (const { key, index, token } of badges) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, options);
  await jwtVerify(token, EmbeddedJWK, options);
  const entry = payload.credentialStatus;
  const same =
    payload.iss === payload.issuer.id &&
    payload.jti === payload.id &&
    payload.sub === payload.credentialSubject.id &&
    payload.nbf * 1000 === Date.parse(payload.validFrom) &&
    Object.is(payload.exp * 1000, Date.parse(payload.validUntil));
  const right =
    payload.type.includes("OpenBadgeCredential") &&
    protectedHeader.typ === "JWT" &&
    entry.type === "BitstringStatusListEntry" &&
    entry.statusListCredential === list.payload.id &&
    Number(entry.statusListIndex) === index;
  if (!same || !right) wrong.push(`${key} ${index}: ${JSON.stringify(payload)}`);
  if (isSet(index) !== revoked.includes(index)) wrong.push(`${key} ${index}: revoked or not`);
  for (const at of [token.indexOf(".") + 20, token.length - 20]) {
    const other = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    await jwtVerify(other, keys, options).then(
      () => wrong.push(`${key} ${index}: verified with another character at ${at}`),
      () => undefined,
    );
  }
}
const algorithms = badges.map(({ token }) => decodeProtectedHeader(token).alg);
console.log([...wrong, `jose: ${badges.length} badges (${[...new Set(algorithms)].join(", ")}), ${revoked.length} revoked, ${wrong.length} wrong`].join("\n"));
process.exit(wrong.length ? 1 : 0);
