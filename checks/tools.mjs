// What the checks have in common: where things are, and how a tool is run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { Source, parse } from "graphql";

export const checks = fileURLToPath(new URL(".", import.meta.url));
export const root = fileURLToPath(new URL("..", import.meta.url));
/** The committed schema; a test sees to it that the program prints the same. */
export const schemaFile = join(root, "schema.graphql");
/** The operations that GraphiQL opens on. */
export const examples = "crates/graphql-api/src/http/graphiql/examples";

/** The check was made, and something is wrong. */
export class Fault extends Error {}

/** The check cannot be made here. */
export class LeftOut extends Error {}

/** An empty folder for what a tool writes. Never committed. */
export function emptyFolder(name) {
  const folder = join(checks, "build", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs the command of a package, with node, in a folder; its output is the fault if it fails. */
export function runPackage(name, command, options, folder = checks) {
  const require = createRequire(import.meta.url);
  const manifest = packageFile(require, name);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const script = typeof bin === "string" ? bin : bin[command];
  const done = spawnSync(process.execPath, [join(dirname(manifest), script), ...options], {
    cwd: folder,
    encoding: "utf8",
    // Relay asks a daemon of the machine about changed files, if there is one: it may not.
    env: { ...process.env, FORCE_NO_WATCHMAN: "1", NO_COLOR: "1", RUST_BACKTRACE: "0" },
  });
  if (done.error) throw done.error;
  const said = `${done.stdout}${done.stderr}`.trim();
  if (done.status !== 0) throw new Fault(`${command} ends with ${done.status ?? done.signal}\n${said}`);
  return said;
}

/** The version of a package that is installed here. */
export function version(name) {
  const require = createRequire(import.meta.url);
  return JSON.parse(readFileSync(packageFile(require, name), "utf8")).version;
}

// Found by folder: not every package lets its package.json be asked for.
function packageFile(require, name) {
  for (const folder of require.resolve.paths(name)) {
    const file = join(folder, name, "package.json");
    try {
      readFileSync(file);
      return file;
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`${name} is not installed: npm ci`);
}

/** The files of a folder, at any depth, whose names end so. */
export function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** A GraphQL file, parsed; where something is wrong, its path is told from the repository's root. */
export function parseFile(file) {
  return parse(new Source(readFileSync(file, "utf8"), relative(root, file).split(sep).join("/")));
}
