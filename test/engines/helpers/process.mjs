// Programs that tests run: to their end, or as servers that end with the test, however that ends.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a program is, or undefined. Servers are not in everybody's PATH. */
export function which(program) {
  return `${process.env.PATH}:/usr/sbin`.split(":").map((directory) => join(directory, program)).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Says which of these programs are not installed, and in which packages Debian has them; undefined if all are. */
export function missingPrograms(packages, ...programs) {
  const missing = programs.filter((program) => !which(program));
  return missing.length > 0 ? `${missing.join(", ")} not installed: apt-get install ${packages}` : undefined;
}

/** A directory for a database; its name leaves room for a socket's path, of at most 107 bytes. */
export const makeDirectory = () => mkdtempSync(join(tmpdir(), "engine."));

/** Makes a directory and hands it to what starts a server in it; it is gone if that fails. */
export async function inDirectory(start) {
  const directory = makeDirectory();
  try {
    return await start(directory);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Runs a program to its end. Returns what it prints; fails, with what it complains of, unless it succeeds. */
export function run(program, args, { input = "", ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(which(program) ?? program, args, options);
    const output = { stdout: "", stderr: "" };
    for (const name of Object.keys(output)) child[name].setEncoding("utf8").on("data", (text) => { output[name] += text; });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(output.stdout);
      else reject(new Error(`${program}: ${output.stderr || output.stdout || `exit status ${status}`}`));
    });
    child.stdin.on("error", () => {}); // it need not read all
    child.stdin.end(input);
  });
}

// Ends the server, and removes its directory, when nobody can write to the standard input any more. A server of PostgreSQL waits
// for its clients after TERM, and ends at once on QUIT, which other programs may ignore.
const leash = `
  exec 3<&0
  "$@" </dev/null 3<&- &
  server=$!
  { cat <&3 >/dev/null; kill -s TERM "$server"; kill -s QUIT "$server"; } 2>/dev/null &
  { wait "$server"; rm -rf "$PWD"; } 2>/dev/null`;

/**
 * Starts a server in a directory that is gone when it stops, and waits until `ready()` no longer fails. Returns a function that
 * stops it. If this process dies, the pipe to the shell between them is closed, and the server stops, too.
 */
export async function startServer(directory, program, args, ready) {
  const shell = spawn("/bin/sh", ["-c", leash, "sh", which(program) ?? program, ...args], { cwd: directory, detached: true });
  let log = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding("utf8").on("data", (text) => { log = (log + text).slice(-8192); });
  let running = true;
  const ended = new Promise((resolve) => {
    shell.on("close", () => {
      running = false;
      resolve();
    });
  });
  const stop = () => {
    shell.stdin.end();
    return ended;
  };
  for (const deadline = Date.now() + 120_000; ;) {
    try {
      await ready();
      return stop;
    } catch (error) {
      if (running && Date.now() < deadline) {
        await new Promise((resolve) => { setTimeout(resolve, 100); });
        continue;
      }
      await stop();
      throw new Error(`${program} did not start: ${error.message}\n${log}`);
    }
  }
}
