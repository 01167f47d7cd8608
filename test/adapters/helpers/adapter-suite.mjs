// All fifteen methods of a released adapter against the extension's tables, every row checked through a second connection.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { DefaultNamingStrategy, getConnection } from "typeorm";
import { connect, withDatabase } from "./database.mjs";
import { modelsFrom, readSchemas } from "./models.mjs";

const DAY = 24 * 60 * 60;
const MAX_AGE = 30 * DAY;
const UPDATE_AGE = DAY;
const SECRET = "a secret";
const BASE_URL = "https://app.example";

/**
 * What the application adds to User. For each property: its options, its column, its value when nobody gives one (`initial`),
 * the one given at sign-up (`given`), a later one (`changed`), and how the table holds a value if not as it is (`stored`).
 */
const tutorialUser = {
  phoneNumber: {
    options: { type: "varchar", nullable: true },
    column: "phone_number", initial: null, given: "+44 20 7946 0123", changed: "+44 20 7946 0999",
  },
};

const richUser = {
  role: {
    options: { type: "enum", enum: ["member", "admin", "owner"], default: "member" },
    column: "role", initial: "member", given: "admin", changed: "owner",
  },
  preferences: {
    options: { type: "jsonb", default: { theme: "light", panels: [1, 2] } },
    column: "preferences", initial: { theme: "light", panels: [1, 2] }, given: { theme: "it's \"dark\"" }, changed: { theme: null },
  },
  newsletter: {
    options: { type: "boolean", default: true },
    column: "newsletter", initial: true, given: false, changed: true,
  },
  tags: {
    options: { type: "text", array: true, default: ["new"] },
    column: "tags", initial: ["new"], given: ["a,b", "c \"d\"", "é"], changed: [],
  },
  balance: {
    options: { type: "numeric", precision: 12, scale: 2, default: 1.5 },
    column: "balance", initial: "1.50", given: "1234567890.12", changed: "-0.01",
  },
  profile: {
    options: { type: "simple-json", nullable: true },
    column: "profile", initial: null, given: { bio: "it's me" }, changed: { bio: "" }, stored: JSON.stringify,
  },
  nickName: {
    options: { type: "varchar", nullable: true, name: "Owner's Nick Name" },
    column: "Owner's Nick Name", initial: null, given: "Ada", changed: "Countess",
  },
  // Written, but left out of what the adapter reads.
  recoveryCode: {
    options: { type: "varchar", nullable: true, select: false },
    column: "recovery_code", initial: null, given: "r3c0very", changed: "n3w", hidden: true,
  },
  // The server's own values: the adapter reads what the table holds.
  publicId: {
    options: { type: "uuid", generated: "uuid" },
    column: "public_id", server: (value) => assert.match(value, uuid),
  },
  lastSeen: {
    options: { type: "timestamptz", defaultExpression: "now()" },
    column: "last_seen", server: (value) => assert.ok(value instanceof Date),
  },
};

/** Keys, and columns that the server fills. The first user is their own manager for a while. */
const keyedUser = {
  managerId: {
    options: { type: "int", nullable: true, foreignKey: { target: "User", onDelete: "SET NULL" } },
    column: "manager_id", initial: null, given: 1, changed: null,
  },
  mainAccountId: {
    options: { type: "int", nullable: true, foreignKey: { target: "Account", deferrable: "INITIALLY DEFERRED" } },
    column: "main_account_id", initial: null, given: null, changed: null,
  },
  memberNumber: {
    options: { type: "bigint", generated: "increment", unique: true },
    column: "member_number", server: (value) => assert.match(value, /^\d+$/), // a bigint is a string to pg
  },
  seat: {
    options: { type: "int", generated: "identity" },
    column: "seat", server: (value) => assert.ok(Number.isInteger(value)),
  },
  // createUser leaves null in what it returns: TypeORM asks back for what has a default, and nothing else.
  mailHost: {
    options: { type: "varchar", nullable: true, asExpression: "lower(split_part(email, '@', 2))", generatedType: "STORED" },
    column: "mail_host", server: (value) => assert.ok([null, "example.com"].includes(value)),
  },
};

/** What is added to Account: its columns, and what they are in the table and in what linkAccount returns. */
const keyedAccount = {
  columns: {
    payerId: { type: "int", nullable: true, foreignKey: { target: "User", onDelete: "CASCADE" } },
    number: { type: "int", generated: "increment" },
    place: { type: "smallint", generated: "identity" },
    shout: { type: "varchar", nullable: true, asExpression: "upper(provider_id)", generatedType: "STORED" },
  },
  inTable: { payer_id: null, number: 1, place: 1, shout: "GITHUB" },
  returned: { payerId: null, number: 1, place: 1, shout: null },
};

/** What Auth.js's adapters add to Account, of which next-auth 3 gives nothing; one column follows access_token_expires. */
const authjsAccount = {
  columns: {},
  inTable: {
    expires_at: 1927857906, id_token: null, scope: null, session_state: null, token_type: null, refresh_token_expires_in: null,
  },
  returned: {
    expiresAt: null, idToken: null, scope: null, sessionState: null, tokenType: null, refresh_token_expires_in: null,
  },
};

const variants = [
  { title: "the adapter's own models, no catalog", properties: {}, ownModels: true },
  { title: "the built-in models from the catalog", properties: {} },
  { title: "the tutorial's custom User", properties: tutorialUser },
  { title: "a richer User", properties: richUser },
  { title: "foreign keys, sequences and computed columns", properties: keyedUser, account: keyedAccount },
  { title: "a table that was renamed", properties: keyedUser, setup: "ALTER TABLE nextauth.users RENAME TO people", users: "people" },
  { title: "text ids", properties: richUser, idType: "text" },
  { title: "uuids", properties: tutorialUser, idType: "uuid" },
  { title: "bigint ids", properties: tutorialUser, idType: "bigint" },
  { title: "adapters of Auth.js beside it", properties: tutorialUser, account: authjsAccount, idType: "text", adapters: ["pg", "prisma"] },
  { title: "integer ids that were converted to text", properties: richUser, setup: "SELECT nextauth.convert_ids('text')", ids: "text" },
  { title: "ids of an own format", properties: tutorialUser, idType: "text", ids: "own", setup: `
    SELECT nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "''own_'' || gen_random_uuid()"}}'),
      nextauth.extend_model('Account', '{"id": {"type": "text", "defaultExpression": "''own_'' || gen_random_uuid()"}}'),
      nextauth.extend_model('Session', '{"id": {"type": "text", "defaultExpression": "''own_'' || gen_random_uuid()"}}'),
      nextauth.extend_model('VerificationRequest', '{"id": {"type": "text", "defaultExpression": "''own_'' || gen_random_uuid()"}}')` },
  { title: "a model that it does not know", properties: tutorialUser, setup: `
    CREATE TABLE nextauth.authenticators (
      id serial PRIMARY KEY, credential_id varchar NOT NULL UNIQUE, user_id int NOT NULL, provider_account_id varchar NOT NULL,
      credential_public_key text NOT NULL, counter int NOT NULL, credential_device_type varchar NOT NULL,
      credential_backed_up boolean NOT NULL, transports varchar);
    SELECT nextauth.adopt_model('Authenticator', 'nextauth.authenticators')` },
];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** For each type of ids: what the nth id of a table is, and one that no row has. */
const idTypes = {
  integer: { assertId: (id, n) => assert.equal(id, n), unknown: 4711 },
  bigint: { assertId: (id, n) => assert.equal(id, String(n)), unknown: "4711" },
  uuid: { assertId: (id) => assert.match(id, uuid), unknown: "00000000-0000-4000-8000-000000000000" },
  text: { assertId: (id) => assert.match(id, uuid), unknown: "4711" },
  own: { assertId: (id) => assert.match(id, /^own_/), unknown: "4711" },
};

/**
 * Runs everything for one release of next-auth:
 * - `TypeORM`: its adapter and models;
 * - `customAtSignUp`: createUser hands the whole profile to the model, so that custom properties are written at sign-up;
 * - `deletesExpiredSession`: getSession deletes the expired row that it finds;
 * - `nothing`: what deleteUser and unlinkAccount return, which do nothing.
 */
export function adapterSuite(release) {
  for (const variant of variants) {
    test(`next-auth ${release.version}: ${variant.title}`, (t) =>
      withDatabase(async ({ admin, owner, app }) => {
        const columns = Object.entries(variant.properties).map(([property, { options }]) => ({ property, ...options }));
        if (!variant.ownModels) await owner.query("SELECT * FROM nextauth.extend_model('User', $1)", [JSON.stringify(columns)]);
        if (variant.account) {
          await owner.query("SELECT * FROM nextauth.extend_model('Account', $1)", [JSON.stringify(variant.account.columns)]);
        }
        if (variant.setup) await admin.query(variant.setup);
        // What extend_model() adds sequences for, the application may use.
        await admin.query(`SELECT nextauth.grant_adapter('${app.user}')`);
        const { api, User, statements } = await startAdapter(release.TypeORM, variant, app);
        try {
          await exercise(t, { api, User, statements, release, properties: Object.entries(variant.properties), variant, db: admin, app });
        } finally {
          await getConnection("nextauth").close();
        }
      }, variant));
  }
}

/** The adapter as an application sets it up, its User class, and the statements that it runs. */
export async function startAdapter({ Adapter, Models }, variant, app) {
  let models;
  let adapter;
  if (variant.ownModels) {
    adapter = Adapter(`postgres://${app.user}@localhost/${app.database}?host=${app.host}&schema=nextauth&synchronize=false`);
  } else {
    const client = await connect(app);
    models = modelsFrom(await readSchemas(client), Models);
    await client.end();
    // TypeORM would CREATE EXTENSION for a generated uuid, which an application may not.
    const { user: username, ...place } = app;
    adapter = Adapter({ type: "postgres", ...place, username, installExtensions: false, synchronize: false }, { models });
  }

  const session = { maxAge: MAX_AGE, updateAge: UPDATE_AGE };
  const logger = { debug() {}, warn() {}, error() {} };
  const api = await adapter.getAdapter({ session, secret: SECRET, logger, baseUrl: BASE_URL });
  const statements = [];
  getConnection("nextauth").logger = { logQuery: (sql) => statements.push(sql), logQueryError() {}, log() {} };
  return { api, User: (models ?? Models).User.model, statements };
}

async function exercise(t, { api, User, statements, release, properties, variant, db, app }) {
  const { users: usersTable = "users", account: { inTable: accountInTable, returned: accountReturned } = {} } = variant;
  const { assertId, unknown } = idTypes[variant.ids ?? variant.idType ?? "integer"];
  const row = async (table, id) => (await db.query(`SELECT * FROM nextauth.${table} WHERE id = $1`, [id])).rows[0];
  const count = async (table) => Number((await db.query(`SELECT count(*) FROM nextauth.${table}`)).rows[0].count);

  /** The columns that each UPDATE set while `run` ran. */
  const updatesOf = async (run) => {
    const from = statements.length;
    await run();
    return statements.slice(from).filter((sql) => sql.startsWith("UPDATE"))
      .map((sql) => [...sql.match(/ SET (.*) WHERE /)[1].matchAll(/"([^"]+)" = /g)].map(([, column]) => column).sort());
  };

  // The custom properties of a user in one of their states: as the application, the adapter and the table see them.
  const own = properties.filter(([, { server }]) => !server);
  const fromServer = properties.filter(([, { server }]) => server);
  // TypeORM compares arrays by identity, so it takes every array for changed.
  const arrays = own.filter(([, { options }]) => options.array).map(([, { column }]) => column);
  const values = (state, of = own) => Object.fromEntries(of.map(([property, p]) => [property, p[state]]));
  const read = (state) => values(state, own.filter(([, { hidden }]) => !hidden));
  const inTable = ({ stored, ...p }, state) => (stored && p[state] !== null ? stored(p[state]) : p[state]);
  const stored = (state) => Object.fromEntries(own.map(([, p]) => [p.column, inTable(p, state)]));

  /** Asserts that the adapter reads and the table holds exactly this user. */
  const assertUser = async (id, fields, state) => {
    const { id: idInTable, name, email, image, email_verified, created_at, updated_at, ...custom } = await row(usersTable, id);
    assert.deepEqual({ id: idInTable, name, email, image, emailVerified: email_verified }, { id, ...fields });

    const serverValues = {};
    for (const [property, { column, server }] of fromServer) {
      server(custom[column]);
      serverValues[property] = custom[column];
      delete custom[column];
    }
    assert.deepEqual(custom, stored(state));

    const user = await api.getUser(id);
    assert.ok(user instanceof User);
    const times = { createdAt: created_at, updatedAt: updated_at };
    assert.deepEqual({ ...user }, { id, ...fields, ...times, ...read(state), ...serverValues });
  };

  /** Makes a row an hour older, so that a later time in it is certainly a new one. */
  const age = async (table, id) => {
    await db.query(`UPDATE nextauth.${table} SET updated_at = updated_at - interval '1 hour' WHERE id = $1`, [id]);
    return row(table, id);
  };

  const profile = {
    name: "Ada Lovelace", email: "Ada@example.com", image: "https://example.com/ada.png", emailVerified: new Date(0),
  };
  let user;
  let fields;

  await t.test("the connection is the application's, which owns nothing", async () => {
    const [{ current_user: role }] = await getConnection("nextauth").query("SELECT current_user");
    assert.equal(role, app.user);
    const { rows } = await db.query(`
      SELECT rolsuper AS super, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owner
        FROM pg_roles r WHERE rolname = $1`, [role]);
    assert.deepEqual(rows, [{ super: false, owner: false }]);
  });

  await t.test("createUser", async () => {
    const before = new Date();
    const state = release.customAtSignUp ? "given" : "initial";
    // A provider's profile brings an id of its own, which must not become the user's.
    user = await api.createUser({ ...profile, id: 987654, ...values("given") });

    assert.ok(user instanceof User);
    assertId(user.id, 1);
    for (const time of [user.emailVerified, user.createdAt, user.updatedAt]) assertBetween(time, before, new Date());
    for (const [property, value] of Object.entries(values(state))) assert.deepEqual(user[property], value, property);
    for (const [property, { server }] of fromServer) server(user[property]);
    fields = { ...profile, emailVerified: user.emailVerified };
    await assertUser(user.id, fields, state);

    const { created_at, updated_at } = await row(usersTable, user.id);
    assert.deepEqual([created_at, updated_at], [user.createdAt, user.updatedAt]);
  });

  await t.test("createUser without anything", async () => {
    const { id } = await api.createUser({});
    assertId(id, 2);
    await assertUser(id, { name: null, email: null, image: null, emailVerified: null }, "initial");
  });

  await t.test("getUser, getUserByEmail", async () => {
    assert.equal((await api.getUserByEmail(profile.email)).id, user.id);
    assert.equal(await api.getUserByEmail(profile.email.toLowerCase()), undefined);
    assert.equal(await api.getUserByEmail(""), null);
    assert.equal(await api.getUser(unknown), undefined);
  });

  await t.test("a second user with the same e-mail address is refused", async () => {
    // 3.14 wraps the error and keeps only its message.
    await assert.rejects(api.createUser({ email: profile.email }), mentions("users", "email"));
    assert.equal(await count(usersTable), 2);
  });

  await t.test("updateUser changes the changed columns and updated_at", async () => {
    const before = await age(usersTable, user.id);
    fields.name = "Ada King";
    const start = new Date();
    const updates = await updatesOf(async () => api.updateUser({ ...(await api.getUser(user.id)), name: fields.name }));
    assert.deepEqual(updates, [["name", ...arrays, "updated_at"]]);

    const after = await row(usersTable, user.id);
    assertBetween(after.updated_at, start, new Date());
    assert.deepEqual(after, { ...before, name: fields.name, updated_at: after.updated_at });

    if (arrays.length === 0) {
      assert.deepEqual(await updatesOf(async () => api.updateUser(await api.getUser(user.id))), []);
      assert.deepEqual(await row(usersTable, user.id), after);
    }
  });

  await t.test("updateUser writes custom properties", async () => {
    for (const state of ["given", "changed"]) {
      await api.updateUser({ ...(await api.getUser(user.id)), ...values(state) });
      await assertUser(user.id, fields, state);
    }
  });

  await t.test("updateUser with an unknown id inserts a user", async () => {
    const { id } = await api.updateUser({ id: unknown, email: "new@example.com" });
    assert.notEqual(id, user.id);
    await assertUser(id, { name: null, email: "new@example.com", image: null, emailVerified: null }, "initial");
  });

  await t.test("deleteUser does nothing", async () => {
    const users = await count(usersTable);
    assert.equal(await api.deleteUser(user.id), release.nothing);
    assert.equal(await count(usersTable), users);
  });

  await t.test("linkAccount, getUserByProviderAccountId", async () => {
    const expires = new Date("2031-02-03T04:05:06.789Z");
    const linked = await api.linkAccount(user.id, "github", "oauth", "octocat:1", "refresh", "access", expires);
    const { created_at, updated_at, ...rest } = await row("accounts", linked.id);
    assertId(linked.id, 1);
    assert.deepEqual(rest, {
      id: linked.id, compound_id: sha256("github:octocat:1"), user_id: user.id,
      provider_type: "oauth", provider_id: "github", provider_account_id: "octocat:1",
      refresh_token: "refresh", access_token: "access", access_token_expires: expires, ...accountInTable,
    });
    assert.deepEqual({ ...linked }, {
      id: linked.id, compoundId: rest.compound_id, userId: user.id,
      providerType: "oauth", providerId: "github", providerAccountId: "octocat:1",
      refreshToken: "refresh", accessToken: "access", accessTokenExpires: expires, createdAt: created_at, updatedAt: updated_at,
      ...accountReturned,
    });

    assert.deepEqual(await api.getUserByProviderAccountId("github", "octocat:1"), await api.getUser(user.id));
    assert.equal(await api.getUserByProviderAccountId("github", "octocat:2"), null);

    const { id } = await api.linkAccount(user.id, "email", "email", "ada");
    const { refresh_token, access_token, access_token_expires } = await row("accounts", id);
    assert.deepEqual([refresh_token, access_token, access_token_expires], [null, null, null]);
  });

  await t.test("an account cannot be linked twice", async () => {
    const again = api.linkAccount(unknown, "github", "oauth", "octocat:1");
    await assert.rejects(again, { code: "23505", ...mentions("accounts", "compound_id") });
    assert.equal(await count("accounts"), 2);
  });

  await t.test("unlinkAccount does nothing", async () => {
    assert.equal(await api.unlinkAccount(user.id, "github", "octocat:1"), release.nothing);
    assert.equal(await count("accounts"), 2);
  });

  let session;
  const setExpires = (expires) => db.query("UPDATE nextauth.sessions SET expires = $1 WHERE id = $2", [expires, session.id]);

  await t.test("createSession, getSession", async () => {
    const before = new Date();
    session = await api.createSession(user);
    assertBetween(session.expires, later(before, MAX_AGE), later(new Date(), MAX_AGE));
    assert.match(session.sessionToken, /^[0-9a-f]{64}$/);
    assert.match(session.accessToken, /^[0-9a-f]{64}$/);
    assert.notEqual(session.sessionToken, session.accessToken);

    assertId(session.id, 1);
    assert.deepEqual(await row("sessions", session.id), {
      id: session.id, user_id: user.id, expires: session.expires, session_token: session.sessionToken, access_token: session.accessToken,
      created_at: session.createdAt, updated_at: session.updatedAt,
    });
    assert.deepEqual(await api.getSession(session.sessionToken), session);
    assert.equal(await api.getSession("no such token"), undefined);
  });

  await t.test("updateSession before it is due", async () => {
    const before = await age("sessions", session.id);
    assert.equal(await api.updateSession(await api.getSession(session.sessionToken)), null);
    assert.deepEqual(await row("sessions", session.id), before);

    const start = new Date();
    const forced = { ...(await api.getSession(session.sessionToken)), accessToken: "another" };
    assert.deepEqual(await updatesOf(() => api.updateSession(forced, true)), [["access_token", "updated_at"]]);
    const after = await row("sessions", session.id);
    assertBetween(after.updated_at, start, new Date());
    assert.deepEqual(after, { ...before, access_token: "another", updated_at: after.updated_at });
  });

  await t.test("updateSession when it is due", async () => {
    await setExpires(later(new Date(), MAX_AGE - UPDATE_AGE - 60));
    const before = new Date();
    const updated = await api.updateSession(await api.getSession(session.sessionToken));
    assertBetween(updated.expires, later(before, MAX_AGE), later(new Date(), MAX_AGE));
    const { expires, updated_at } = await row("sessions", session.id);
    assert.deepEqual([expires, updated_at], [updated.expires, updated.updatedAt]);
  });

  await t.test("getSession of an expired session", async () => {
    await setExpires(later(new Date(), -1));
    assert.equal(await api.getSession(session.sessionToken), null);
    assert.equal(await count("sessions"), release.deletesExpiredSession ? 0 : 1);
  });

  await t.test("deleteSession", async () => {
    const [kept, gone] = [await api.createSession(user), await api.createSession(user)];
    await api.deleteSession(gone.sessionToken);
    assert.equal(await row("sessions", gone.id), undefined);
    assert.equal((await row("sessions", kept.id)).session_token, kept.sessionToken);
  });

  const identifier = "ada@example.com";
  const token = "a token";
  const sent = [];
  const provider = { id: "email", maxAge: DAY, sendVerificationRequest: async (message) => sent.push(message) };
  const request = () => api.createVerificationRequest(identifier, "https://app.example/callback", token, SECRET, provider);
  const requests = async () => (await db.query("SELECT * FROM nextauth.verification_requests ORDER BY id")).rows;

  await t.test("createVerificationRequest", async () => {
    const before = new Date();
    await request();
    const [{ id, expires, created_at, updated_at, ...rest }, ...others] = await requests();
    assertId(id, 1);
    assert.deepEqual(rest, { identifier, token: sha256(token + SECRET) });
    assert.deepEqual(others, []);
    assertBetween(expires, later(before, DAY), later(new Date(), DAY));
    for (const time of [created_at, updated_at]) assertBetween(time, before, new Date());
    assert.deepEqual(sent, [{ identifier, url: "https://app.example/callback", token, baseUrl: BASE_URL, provider }]);
  });

  await t.test("getVerificationRequest does not consume", async () => {
    const [{ id, token: hash, expires, created_at, updated_at }] = await requests();
    for (let i = 0; i < 2; i++) {
      const found = await api.getVerificationRequest(identifier, token, SECRET, provider);
      assert.deepEqual({ ...found }, { id, identifier, token: hash, expires, createdAt: created_at, updatedAt: updated_at });
    }
    assert.equal(await api.getVerificationRequest(identifier, "another token", SECRET, provider), undefined);
    assert.equal(await api.getVerificationRequest("eve@example.com", token, SECRET, provider), undefined);
  });

  await t.test("deleteVerificationRequest", async () => {
    await api.deleteVerificationRequest("eve@example.com", token, SECRET, provider);
    assert.equal((await requests()).length, 1);
    await api.deleteVerificationRequest(identifier, token, SECRET, provider);
    assert.deepEqual(await requests(), []);
  });

  await t.test("getVerificationRequest of an expired request deletes it", async () => {
    await request();
    await db.query("UPDATE nextauth.verification_requests SET expires = now() - interval '1 second'");
    assert.equal(await api.getVerificationRequest(identifier, token, SECRET, provider), null);
    assert.deepEqual(await requests(), []);
  });
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const later = (time, seconds) => new Date(time.getTime() + seconds * 1000);
const mentions = (table, column) => ({ message: new RegExp(new DefaultNamingStrategy().uniqueConstraintName(table, [column])) });

function assertBetween(time, from, to) {
  assert.ok(time instanceof Date, `${time} is no Date`);
  assert.ok(from <= time && time <= to, `${time.toISOString()} is not between ${from.toISOString()} and ${to.toISOString()}`);
}
