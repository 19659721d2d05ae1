// Fetches the full GraphiQL from npm into assets/graphiql/, for the next build to embed (`just graphiql`).
//
// Needs node, npm and tar. Each package must match the hash written here, whatever registry or
// mirror npm is set up with, so a changed package stops here and reaches no browser.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = [
  {
    name: "graphiql@4.1.2",
    sha512: "rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg==",
    files: {
      "graphiql.min.js": "graphiql.min.js",
      "graphiql.min.css": "graphiql.min.css",
      "LICENSE": "graphiql.LICENSE.txt",
    },
  },
  {
    name: "react@18.3.1",
    sha512: "wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
    files: {
      "umd/react.production.min.js": "react.production.min.js",
      // React and ReactDOM share one licence text.
      "LICENSE": "react.LICENSE.txt",
    },
  },
  {
    name: "react-dom@18.3.1",
    sha512: "5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
    files: { "umd/react-dom.production.min.js": "react-dom.production.min.js" },
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "assets", "graphiql");
const work = mkdtempSync(join(tmpdir(), "graphiql-"));
try {
  const fetched = join(work, "files");
  mkdirSync(fetched);
  for (const { name, sha512, files } of PACKAGES) {
    const archive = pack(name);
    const found = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (found !== sha512) {
      throw new Error(`${name} is not the package that was reviewed: sha512-${found}`);
    }
    for (const [from, to] of Object.entries(files)) {
      const content = execFileSync("tar", ["-xzOf", archive, `package/${from}`], { maxBuffer: 2 ** 24 });
      writeFileSync(join(fetched, to), content);
      console.log(`${to.padEnd(30)} ${String(content.length).padStart(8)} bytes  ${name}`);
    }
  }
  // All or nothing: half a folder would be no GraphiQL at all.
  rmSync(target, { recursive: true, force: true });
  cpSync(fetched, target, { recursive: true });
  // The build script watches the folder only once it exists (it says why); this makes it look.
  utimesSync(join(root, "crates", "graphql-api", "build.rs"), new Date(), new Date());
  console.log("The next build embeds them.");
} catch (error) {
  console.error(`GraphiQL was not fetched, and nothing has changed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack(name) {
  const options = ["pack", name, "--json", "--ignore-scripts", "--pack-destination", work];
  // On Windows npm is a script, which only a shell can start; no argument here needs quoting there.
  const shell = process.platform === "win32";
  const said = execFileSync("npm", options, { shell, stdio: ["ignore", "pipe", "inherit"] });
  const list = JSON.parse(said);
  // An array up to npm 11, an object by package since.
  const [{ filename }] = Object.values(list);
  return join(work, filename);
}
