// Plays the code blocks of README and doc/ in order, as a reader pastes them on a fresh installation, each page in a database of its
// own. PAGES="README.md doc/ids.md" plays these alone. A block is
//
// - ```sql, fed to one psql for the page, or ```sh, fed to one shell; it fails if an error is printed that the page does not show;
// - ``` or ```text directly after one of these: what it prints (… stands for anything in a line, or alone in a line for any lines);
// - ```js app.mjs and the like, with a file name: written to that file;
// - after <!-- run by .ci/run -->, played by a round of .ci/run; after <!-- not run: the reason -->, by nobody.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { faultsOf, isFile, isRun, matches, readBlocks } from "./page.mjs";
import { Terminal } from "./terminal.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const TOP = join(here, "../..");
const MOST_EXEMPT = 5;
const FAILURE = /^(psql:.*)?(ERROR|FATAL|PANIC): |^\\\w+: |^invalid command|^FAILED: /m; // of psql, or of a command in a shell

/** What a page has in node_modules, if not the packages of today's adapters. */
const modules = { "doc/next-auth-3.md": "test/adapters/node_modules" };

const pages = ["README.md", ...["doc", "doc/adapters", "doc/methods"].filter((folder) => existsSync(join(TOP, folder))).flatMap((folder) =>
  readdirSync(join(TOP, folder)).filter((name) => name.endsWith(".md")).sort().map((name) => `${folder}/${name}`))];

/** What a page expects to run beside the server: returns what its environment says of it, and how to end it. */
const services = { "doc/adapters/supabase.md": standInForSupabase, "doc/methods/go.md": standInForProvider };

/** Commands without which a page cannot be played, where not everybody has them. */
const node20 = `node -e "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"`;
const needs = {
  "doc/languages.md": [
    "python3 -c 'import psycopg, psycopg2, sqlalchemy'",
    "go version && test -d /usr/share/gocode/src/github.com/lib/pq",
    "ruby -r pg -e 0",
    "php -r 'new ReflectionExtension(\"pdo_pgsql\");'",
  ],
  "doc/methods/authjs.md": [node20],
  "doc/methods/fastapi.md": ["python3 -c 'import fastapi, psycopg_pool, uvicorn'"],
  "doc/methods/go.md": ["go version && test -d /usr/share/gocode/src/github.com/lib/pq"],
  ...Object.fromEntries(pages.filter((page) => page.startsWith("doc/adapters/")).map((page) => [page, [node20]])),
};

const blocks = Object.fromEntries(pages.map((page) => [page, readBlocks(join(TOP, page))]));
const chosen = process.env.PAGES?.split(" ") ?? pages;

test("at most five blocks are exempt, each with its reason", () => {
  const exempt = pages.flatMap((page) => blocks[page].filter((block) => block.exempt).map(({ line, exempt: reason }) => `${page}:${line}: ${reason}`));
  assert.ok(exempt.length <= MOST_EXEMPT, exempt.join("\n"));
});

test("README is read in five minutes: it has at most 200 lines", () => {
  assert.ok(readFileSync(join(TOP, "README.md"), "utf8").trimEnd().split("\n").length <= 200);
});

test("lines are short, code is fenced, links lead somewhere, programs have a file", () => {
  const nameless = pages.flatMap((page) => blocks[page].filter((block) => isFile(block) && !block.file && !block.exempt).map(({ line }) => `${page}:${line}`));
  assert.deepEqual([...pages.flatMap((page) => faultsOf(join(TOP, page), TOP)), ...nameless.map((place) => `${place}: names no file`)], []);
});

for (const page of chosen) {
  const missing = (needs[page] ?? []).filter((command) => !succeeds(command));
  test(page, { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, async () => {
    const port = await freePort();
    await onFreshDatabase(page, async (environment) => {
      const service = await services[page]?.(environment);
      const reader = new Reader(page, { ...environment, ...service?.environment });
      try {
        for (const block of blocks[page]) if (!block.exempt && !block.byCI) await reader.take(block, String(port));
      } finally {
        await reader.close();
        await service?.close();
      }
    });
  });
}

/** Somebody who pastes a page, in a directory of their own. */
class Reader {
  #directory = mkdtempSync(join(tmpdir(), "page-"));
  #page;
  #psql;
  #shell;
  #marks = 0;

  constructor(page, environment) {
    this.#page = page;
    symlinkSync(join(TOP, modules[page] ?? "test/adapters/authjs/node_modules"), join(this.#directory, "node_modules"));
    const options = { cwd: this.#directory, env: { ...environment, PATH: `${join(here, "bin")}:${process.env.PATH}`, HOME: this.#directory } };
    this.#psql = new Terminal("psql", ["-Xq"], options);
    this.#shell = new Terminal("bash", ["--norc"], options);
  }

  /** Runs a block, or writes its file. Servers of the pages listen on 3000, where they would meet those of the machine. */
  async take(block, port) {
    const text = block.text.replace(/\b3000\b/g, port);
    if (isRun(block)) await this.#run(block, text);
    else if (block.file) {
      mkdirSync(dirname(join(this.#directory, block.file)), { recursive: true });
      writeFileSync(join(this.#directory, block.file), text);
    }
  }

  async #run(block, text) {
    const place = `${this.#page}:${block.line}`;
    const printed = await (block.language === "sql" ? this.#inPsql(text) : this.#inShell(text)).catch((error) => {
      throw new Error(`${place}: ${error.message}`);
    });
    const shown = block.output;
    if (shown !== undefined && !matches(shown, printed)) assert.equal(printed, shown, `${place} prints something else`);
    if (!/error|FAILED/i.test(shown ?? "")) assert.ok(!FAILURE.test(printed), `${place} fails:\n${printed}`);
  }

  #inPsql(text) {
    const mark = `-- end ${++this.#marks}`;
    return this.#psql.paste(`${text}\n\\echo '${mark}'\n`, mark);
  }

  /** A failed command that the page does not expect is named; what reads its standard input finds nothing. */
  #inShell(text) {
    const mark = `-- end ${++this.#marks}`;
    writeFileSync(join(this.#directory, ".block"), `set -E -o pipefail; trap 'echo "FAILED: $BASH_COMMAND"' ERR\n${text}\ntrap - ERR\n`);
    return this.#shell.paste(`. ./.block </dev/null; printf '\\n%s\\n' '${mark}'\n`, mark);
  }

  async close() {
    await this.#psql.close();
    await this.#shell.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Has `use` run beside an empty database named shop, and drops the databases and roles that `page` names and that are new. */
async function onFreshDatabase(page, use) {
  const query = (sql) => execFileSync("psql", ["-XAtqc", sql], { encoding: "utf8" }).split("\n").filter(Boolean);
  const lists = { DATABASE: "SELECT datname FROM pg_database", ROLE: "SELECT rolname FROM pg_roles" };
  const before = Object.fromEntries(Object.entries(lists).map(([kind, list]) => [kind, query(list)]));
  const text = `shop ${readFileSync(join(TOP, page), "utf8")}`; // other tests make theirs at the same time
  query("CREATE DATABASE shop TEMPLATE template0 ENCODING 'UTF8'");
  try {
    await use({ ...process.env, PGDATABASE: "shop", DATABASE_URL: `postgres://app@localhost/shop?host=${process.env.PGHOST}` });
  } finally {
    for (const [kind, list] of Object.entries(lists))
      for (const name of query(list))
        if (!before[kind].includes(name) && text.includes(name)) query(`DROP ${kind} "${name}" ${kind === "DATABASE" ? "WITH (FORCE)" : ""}`);
  }
}

/** As much of Supabase's API as its adapter asks for, and the role that Supabase makes. */
async function standInForSupabase({ PGHOST: host, PGDATABASE: database }) {
  const { startPostgREST } = await import("../adapters/authjs/helpers/postgrest.mjs");
  execFileSync("psql", ["-Xqc", "CREATE ROLE service_role LOGIN"]);
  const { url, close } = await startPostgREST({ host, database, user: "service_role" });
  return { environment: { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: "a key" }, close };
}

/** A provider at which somebody signs in who says so. */
async function standInForProvider() {
  const { client, startOpenIDProvider } = await import("../adapters/helpers/oidc-server.mjs");
  const { issuer, close } = await startOpenIDProvider((email) =>
    ({ sub: email, name: "Grace Hopper", email, email_verified: true, phone_number: "+1 202 555 0143" }));
  return { environment: { ISSUER: issuer("shop"), CLIENT_ID: client.clientId, CLIENT_SECRET: client.clientSecret }, close };
}

function succeeds(command) {
  try {
    execFileSync("sh", ["-c", command], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
