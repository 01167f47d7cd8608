// The applications of doc/methods/, each as its page has it, side by side on one database: whoever signs in to one is known by all.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { setCookies } from "../adapters/authjs/helpers/cookies.mjs";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { client, startOpenIDProvider } from "../adapters/helpers/oidc-server.mjs";
import { isFile, readBlocks } from "./page.mjs";

const TOP = join(dirname(fileURLToPath(import.meta.url)), "../..");
const PHONE = "+1 202 555 0143";
net.setDefaultAutoSelectFamily?.(true); // an application listens on one address of localhost; Node.js 18 does not try the others by itself
const LIMIT = 600_000; // ms until an application has started: Go compiles its library, too, on a busy machine

/** What each page's application is started by, how a person signs in to it, and how its pages say who they are. */
const applications = {
  authjs: {
    // Node.js 18, as Debian 12 has it, wants to be told of what @auth/core takes for granted.
    command: `exec node ${parseInt(process.versions.node) < 20 ? "--experimental-global-webcrypto" : ""} server.mjs`,
    async signIn(browser, email, printed) {
      const { csrfToken } = await (await browser.get("/api/auth/csrf")).json();
      await browser.post("/api/auth/signin/email", new URLSearchParams({ csrfToken, email }));
      await browser.get(await printed(/http:\S+callback\S+/));
    },
    me: async (browser) => (await (await browser.get("/api/auth/session")).json())?.user,
    async signOut(browser) {
      const { csrfToken } = await (await browser.get("/api/auth/csrf")).json();
      await browser.post("/api/auth/signout", new URLSearchParams({ csrfToken }));
    },
  },
  fastapi: {
    command: 'exec python3 -m uvicorn --port "$PORT" app:app',
    needs: "python3 -c 'import fastapi, psycopg_pool, uvicorn'",
    async signIn(browser, email, printed) {
      await browser.post("/signin", JSON.stringify({ email }), { "content-type": "application/json" });
      await browser.get(await printed(/http:\S+callback\S+/));
    },
    me,
    signOut: (browser) => browser.post("/signout"),
  },
  go: {
    command: "GOPATH=/usr/share/gocode GO111MODULE=off go build server.go && exec ./server",
    needs: "go version && test -d /usr/share/gocode/src/github.com/lib/pq",
    async signIn(browser, email) {
      const { headers } = await browser.get("/signin");
      const { headers: provider } = await fetch(`${headers.get("location")}&account=${encodeURIComponent(email)}`, { redirect: "manual" });
      await browser.get(provider.get("location"));
    },
    me,
    signOut: (browser) => browser.post("/signout"),
  },
};

async function me(browser) {
  const answer = await browser.get("/me");
  return answer.ok ? answer.json() : undefined;
}

const isHere = ({ needs }) => {
  try {
    if (needs) execFileSync("sh", ["-c", needs], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const names = Object.keys(applications).filter((name) => isHere(applications[name]));
const absent = Object.keys(applications).filter((name) => !names.includes(name));

test("whoever signs in to one application is known by the others", { skip: absent.length > 0 && `not here: ${absent}` }, (t) =>
  withDatabase(async ({ owner, app }) => {
    await owner.query(`SELECT nextauth.extend_model('User', '{
      "phoneNumber": {"type": "varchar", "nullable": true},
      "memberSince": {"type": "timestamptz", "defaultExpression": "now()"}}')`);
    const provider = await startOpenIDProvider((email) => ({ sub: email, name: "Ada", email, email_verified: true, phone_number: PHONE }));
    const running = {};
    try {
      for (const name of names) running[name] = await start(name, app, provider);
      for (const name of names) {
        await t.test(name, async (t) => {
          const cookies = new Map();
          const at = (other) => browserAt(running[other].site, cookies);
          const email = `ada@${name}.example`;
          await applications[name].signIn(at(name), email, running[name].printed);
          await owner.query("UPDATE nextauth.users SET phone_number = $1 WHERE email = $2", [PHONE, email]);
          for (const other of names) {
            await t.test(`is known by ${other}`, async () => {
              const { email: known, phoneNumber } = await applications[other].me(at(other));
              assert.deepEqual([known, phoneNumber], [email, PHONE]);
            });
          }

          const leaving = names[(names.indexOf(name) + 1) % names.length];
          await t.test(`who signs out of ${leaving} is known by none`, async () => {
            const before = new Map(cookies); // a cookie that somebody has kept
            await applications[leaving].signOut(at(leaving));
            for (const other of names) assert.equal(await applications[other].me(browserAt(running[other].site, new Map(before))), undefined);
          });
        });
      }
    } finally {
      for (const { stop } of Object.values(running)) await stop();
      provider.close();
    }
  }, { idType: "text", adapters: ["pg"] }));

/** Starts a page's application, which listens on a port of its own where the page says 3000. */
async function start(name, app, provider) {
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  const port = String(await freePort());
  for (const block of readBlocks(join(TOP, `doc/methods/${name}.md`)).filter((block) => isFile(block) && block.file))
    writeFileSync(join(directory, block.file), block.text.replace(/\b3000\b/g, port));
  symlinkSync(join(TOP, "test/adapters/authjs/node_modules"), join(directory, "node_modules"));

  const { command } = applications[name];
  const env = {
    ...process.env, HOME: directory, PORT: port, AUTH_SECRET: "a secret", PGDATABASE: app.database, PGUSER: app.user,
    DATABASE_URL: `postgres://${app.user}@localhost/${app.database}?host=${app.host}`,
    ISSUER: provider.issuer("shop"), CLIENT_ID: client.clientId, CLIENT_SECRET: client.clientSecret,
  };
  const child = spawn("sh", ["-c", `exec 2>&1; ${command}`], { cwd: directory, env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (data) => { output += data; });
  const ended = once(child, "close");

  const site = `http://localhost:${port}`;
  const printed = (pattern) => eventually(() => pattern.exec(output)?.[0]);
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`${name} has ended:\n${output}`);
      return fetch(site).catch(() => undefined);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { site, printed, stop };
}

/** What `find` finds in the end. */
async function eventually(find) {
  for (const deadline = Date.now() + LIMIT; Date.now() < deadline;) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it takes too long");
}

/** A person's browser at one of the applications, which are all on one host and so share the cookies. It follows no redirect. */
function browserAt(site, cookies) {
  const open = async (url, options = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(new URL(url, site), { ...options, redirect: "manual", headers: { ...options.headers, origin: site, cookie } });
    for (const line of setCookies(answer.headers)) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value && value !== '""' && !/;\s*max-age=0(;|$)/i.test(line)) cookies.set(name, value);
      else cookies.delete(name);
    }
    return answer;
  };
  return { get: (url) => open(url), post: (url, body, headers) => open(url, { method: "POST", body, headers }) };
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
