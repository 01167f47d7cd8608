// People who signed in on another database are found on Postgres after their rows were imported there: by id, e-mail address,
// account and session, with the same properties.
import assert from "node:assert/strict";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { inZone } from "../adapters/helpers/time-zone.mjs";
import { createModels, extend, idTypeFor, schemasFor } from "./helpers/catalog.mjs";
import { engines, testEach } from "./helpers/engines.mjs";
import { BASE_URL, DAY, postgres, SECRET, withAdapter } from "./helpers/typeorm.mjs";
import { comparable, optionsOf, richOptions, richUser, valuesOf } from "./helpers/users.mjs";

const tablesOf = (engine) => ({
  User: "users", Account: "accounts", Session: "sessions",
  VerificationRequest: engine.name === "mongodb" ? "verificationRequests" : "verification_requests",
});
const NEW_YORK = "America/New_York";

/** Accounts' numbers, as providers give them. SQLite's driver stores the large one, of more than 32 bits, with a fraction: '…0.0'. */
const numbers = { small: 4711, large: 5_000_000_000 };

const provider = { id: "email", maxAge: DAY, sendVerificationRequest: async () => {} };
const request = ["eve@example.com", `${BASE_URL}/callback`, "a token", SECRET, provider];

/** Signs people up. Returns what the adapter gives of them afterwards. */
async function signUp({ api }) {
  const ada = await api.createUser({ name: "Ada", email: "ada@example.com", emailVerified: true, ...valuesOf(richUser) });
  await api.createUser({ name: "Bob" });
  const cyd = await api.createUser({ name: "Cyd", email: "cyd@example.com" });
  await api.linkAccount(ada.id, "github", "oauth", numbers.small, "refresh", "access", new Date("2031-07-03T04:05:06.789Z"));
  await api.linkAccount(cyd.id, "facebook", "oauth", numbers.large);
  const { sessionToken } = await api.createSession(ada);
  await api.createVerificationRequest(...request);
  return { users: [await api.getUser(ada.id), await api.getUser(cyd.id)], session: await api.getSession(sessionToken) };
}

/** Imports all rows; returns the numbers for each model, and the warnings. */
async function importAll(client, rows) {
  const warnings = [];
  const listen = ({ severity, message, detail, hint }) => { if (severity === "WARNING") warnings.push({ message, detail, hint }); };
  client.on("notice", listen);
  const counts = {};
  for (const model of Object.keys(rows)) {
    const { rows: [row] } = await client.query("SELECT read::int, written::int, left_alone::int FROM nextauth.import_rows($1, $2)",
      [model, JSON.stringify(rows[model])]);
    counts[model] = row;
  }
  client.off("notice", listen);
  return { counts, warnings };
}

/** MongoDB's tool has two spellings of Extended JSON; of the others the columns are read, or the properties by what Postgres prints. */
const variants = (engine) => (engine.name === "mongodb"
  ? [{ title: "relaxed JSON", relaxed: true }, { title: "canonical JSON", relaxed: false }]
  : [{ title: "columns" }, { title: "printed queries", printed: true }]);

async function exportAll(engine, there, variant, owner) {
  const rows = {};
  for (const [model, table] of Object.entries(tablesOf(engine))) {
    rows[model] = await (variant.printed ? printedRows(engine, there, model, owner) : there.exportRows(table, variant));
  }
  return rows;
}

/** What the queries of describe_model() read, an object a line. */
async function printedRows(engine, { client }, model, owner) {
  const { rows: [{ query }] } = await owner.query("SELECT nextauth.describe_model($1, $2) AS query", [`${engine.name}-export`, model]);
  const lines = (await client(query)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

/** MySQL and MariaDB print times in the server's time zone, unless they are asked for another. */
async function inServerZone(engine, { client }, use) {
  if (!["mysql", "mariadb"].includes(engine.name)) return use();
  await client("SET GLOBAL time_zone = '-05:00';");
  try {
    return await use();
  } finally {
    await client("SET GLOBAL time_zone = DEFAULT;");
  }
}

testEach("rows that the adapter wrote", engines, async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, optionsOf(richUser), richOptions);
    const there = await createModels(owner, engine);
    const before = await withAdapter(there.connection, await schemasFor(owner, engine), signUp);
    for (const variant of variants(engine)) {
      const rows = await inServerZone(engine, there, () => exportAll(engine, there, variant, owner));
      assert.equal(rows.User.length, 3);
      for (const zone of ["UTC", NEW_YORK]) {
        await t.test(`${variant.title}, in time zone ${zone}`, (t) =>
          withDatabase((databases) => findAll(t, { ...databases, rows, zone, before, engine }), { idType: idTypeFor(engine) }));
      }
    }
  }, { idType: idTypeFor(engine) }));

async function findAll(t, { admin, owner, app, rows, zone, before, engine }) {
  await extend(owner, optionsOf(richUser), richOptions);
  await admin.query(`ALTER DATABASE ${app.database} SET timezone = '${zone}'`);
  await owner.query(`SET timezone = '${zone}'`);
  await owner.query(`SELECT nextauth.grant_adapter('${app.user}')`);
  const { counts, warnings } = await importAll(owner, rows);

  await t.test("all rows are written", () => {
    for (const [model, count] of Object.entries(counts)) {
      assert.deepEqual(count, { read: rows[model].length, written: rows[model].length, left_alone: 0 }, model);
    }
  });

  await t.test("imported twice, they are left alone", async () => {
    for (const [model, count] of Object.entries((await importAll(owner, rows)).counts)) {
      assert.deepEqual(count, { read: rows[model].length, written: 0, left_alone: rows[model].length }, model);
    }
  });

  await t.test("whoever would be locked out is let in by the statement of the warning", async () => {
    const mends = warnings.flatMap(({ detail, hint }) => `${detail} ${hint}`.match(/UPDATE [^;]+/g) ?? []);
    const { rows: fractions } = await owner.query("SELECT FROM nextauth.accounts WHERE provider_account_id ~ '\\.0$'");
    assert.equal(mends.some((statement) => statement.includes("provider_account_id")), fractions.length > 0);
    for (const statement of mends) await owner.query(statement);
  });

  const schemas = await schemasFor(owner, { name: "postgres" });
  await inZone(zone, () => withAdapter(postgres(app), schemas, async ({ api }) => {
    const [ada, cyd] = before.users;
    const idOf = (user) => (engine.name === "mongodb" ? String(user.id) : user.id);

    await t.test("users are found by id and e-mail address, with the same properties", async () => {
      for (const user of before.users) {
        for (const found of [await api.getUser(idOf(user)), await api.getUserByEmail(user.email)]) {
          assert.equal(found.id, idOf(user));
          assert.equal(found.name, user.name);
          for (const property of ["emailVerified", "createdAt", "updatedAt"]) {
            assert.deepEqual(found[property] ?? null, user[property] ?? null, property);
          }
        }
      }
      const [full, bare] = [await api.getUser(idOf(ada)), await api.getUser(idOf(cyd))];
      for (const [property, { options, given }] of Object.entries(richUser)) {
        assert.deepEqual(comparable(full[property]), given, property);
        if (options.nullable) assert.equal(bare[property], null, property);
      }
    });

    await t.test("users are found by their accounts' numbers", async () => {
      for (const number of [numbers.small, String(numbers.small)]) {
        assert.equal((await api.getUserByProviderAccountId("github", number))?.id, idOf(ada));
      }
      assert.equal((await api.getUserByProviderAccountId("facebook", numbers.large))?.id, idOf(cyd));
      await assert.rejects(api.linkAccount(idOf(ada), "facebook", "oauth", numbers.large), "it is linked");
    });

    await t.test("the session goes on", async () => {
      const { sessionToken, expires } = before.session;
      const found = await api.getSession(sessionToken);
      assert.deepEqual([found.userId, found.expires], [idOf(ada), expires]);
    });

    await t.test("the link in the e-mail is good", async () => {
      const [identifier, , token] = request;
      assert.equal((await api.getVerificationRequest(identifier, token, SECRET, provider)).identifier, identifier);
    });

    await t.test("the next user has an id of their own", async () => {
      const { id } = await api.createUser({ email: "new@example.com" });
      assert.ok(!rows.User.some((row) => row.id === id));
    });
  }));
}

testEach("a property that Postgres lacks", engines, async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, optionsOf(richUser));
    const there = await createModels(owner, engine);
    const user = await withAdapter(there.connection, await schemasFor(owner, engine), ({ api }) =>
      api.createUser({ email: "ada@example.com", ...valuesOf(richUser) }));
    const rows = JSON.stringify(await there.exportRows("users"));

    await withDatabase(async ({ owner }) => {
      const imported = () => owner.query("SELECT * FROM nextauth.import_rows('User', $1)", [rows]);
      const error = await imported().then(() => assert.fail("it was imported"), (error) => error);
      assert.match(error.hint, /extend_model/);
      assert.deepEqual((await owner.query("SELECT FROM nextauth.users")).rowCount, 0);

      await owner.query(error.hint.match(/SELECT[^;]*extend_model[^;]*/)[0]);
      await imported();
      const { rows: [found] } = await owner.query("SELECT id, phone_number FROM nextauth.users");
      assert.deepEqual(found, { id: engine.name === "mongodb" ? String(user.id) : user.id, phone_number: richUser.phoneNumber.given });
    }, { idType: idTypeFor(engine) });
  }, { idType: idTypeFor(engine) }));
