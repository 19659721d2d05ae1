// The official audits of GraphQL over HTTP, against a demo of its own. The program must have been
// built: `cargo build`.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Fault, checks, root, version } from "./tools.mjs";

const PATIENCE = 60_000;

export async function http() {
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
  const program = join(target, "debug", process.platform === "win32" ? "convoke.exe" : "convoke");
  if (!existsSync(program)) throw new Fault("the program is not built: cargo build");

  const server = spawn(program, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise((resolve) => server.once("close", resolve));
  try {
    const url = await addressOf(server);
    const said = await audit(url);
    return `graphql-http ${version("graphql-http")}: ${said.split("\n").join(", ")}`;
  } finally {
    server.kill();
    await gone;
  }
}

/** What the audits say. Not waited for idly: somebody must read what the server writes meanwhile. */
function audit(url) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(checks, "http-audit.mjs"), url], (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim();
      if (error) reject(new Fault(said));
      else resolve(said);
    });
  });
}

/** Where it says that GraphQL is. */
function addressOf(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Fault(`the demo does not say where it listens:\n${said}`)), PATIENCE);
    const stop = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    const hear = (chunk) => {
      said += chunk;
      const address = /^GraphQL:\s+(http:\S+)$/m.exec(said);
      if (!address) return;
      clearTimeout(timer);
      resolve(address[1]);
    };
    server.stdout.setEncoding("utf8").on("data", hear);
    // Read, or it fills and the server waits for a reader.
    server.stderr.setEncoding("utf8").on("data", hear);
    server.once("error", stop);
    server.once("close", (code) => stop(new Fault(`the demo ended with ${code}:\n${said}`)));
  });
}
