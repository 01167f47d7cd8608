// The adapter interface of Auth.js, method by method; what was written is read from the tables through another connection.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

/** Times have milliseconds, as every adapter can write them. */
export const times = { verified: new Date("2031-02-03T04:05:06.789Z"), later: new Date("2035-12-31T23:59:59.001Z") };

/** What Auth.js hands to linkAccount after OAuth. */
export const oauthAccount = {
  type: "oidc", provider: "github", refresh_token: "refresh", access_token: "access", expires_at: 1893456000,
  token_type: "bearer", scope: "read:user", id_token: "identity", session_state: "state",
};

/** Asserts that an adapter's answer has these values. Null may be left out; what else is in it is the adapter's own matter. */
export function assertHas(answer, values) {
  const given = answer?.toJSON?.() ?? answer;
  assert.ok(given, `${given}`);
  assert.deepEqual(Object.fromEntries(Object.keys(values).map((key) => [key, given[key] ?? null])), values);
}

/** Asserts that a row of a table has these values. */
export function assertRow(row, values) {
  assert.deepEqual(Object.fromEntries(Object.keys(values).map((column) => [column, row?.[column]])), values);
}

/** Calls `use` twice, and keeps the row of the token locked until both wait for it. */
async function bothAtOnce(db, token, use) {
  await db.query("BEGIN");
  await db.query("SELECT FROM nextauth.verification_requests WHERE token = $1 FOR UPDATE", [token]);
  let done = false;
  const answers = Promise.all([use(), use()]).finally(() => { done = true; });
  answers.catch(() => {}); // whoever awaits them hears of it
  while (!done) {
    await db.query("SELECT pg_stat_clear_snapshot()");
    const { rowCount: waiting } = await db.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    done ||= waiting === 2;
  }
  await db.query("COMMIT");
  return answers;
}

/** A row whose ids are text, as an adapter has them that knows no other. */
const withTextIds = (row) =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, /^(user_)?id$/.test(column) ? String(value) : value]));

const none = (answer) => assert.equal(answer ?? null, null);

/**
 * Runs every method of these adapters, one after the other.
 * - `app`: where and as whom the application connects;
 * - `db`: a pg client that sees the tables;
 * - `nobody`: an id that no user has;
 * - `custom`: the team's properties of User, each with its definition, its column, and its values `initial`, `given` and `changed`.
 */
export async function exerciseAll(t, adapters, { app, db, nobody, custom }) {
  await t.test("the application owns nothing", async () => {
    const { rows } = await db.query(`
      SELECT rolsuper OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR
             EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(r.oid, n.oid, 'CREATE') AND nspname ~ '^next_?auth') AS owns
        FROM pg_roles r WHERE rolname = $1`, [app.user]);
    assert.deepEqual(rows, [{ owns: false }]);
  });
  for (const traits of adapters) {
    await t.test(traits.name, { skip: traits.skip }, async (t) => {
      const { adapter, close } = await traits.open(app, custom);
      try {
        await exercise(t, { adapter, traits, db, nobody, custom });
      } finally {
        await close();
      }
    });
  }
}

async function exercise(t, { adapter, traits, db, nobody, custom = {} }) {
  const mark = traits.name + Object.keys(custom).length; // of the rows that are made here
  const rows = async (table, column, value) =>
    (await db.query(`SELECT * FROM nextauth.${table} WHERE ${column} = $1`, [value])).rows.map(traits.textIds ? withTextIds : (row) => row);
  const row = async (...of) => (await rows(...of))[0];

  const writes = traits.writesCustom !== false;
  const values = (state) => Object.fromEntries(Object.entries(custom).map(([property, p]) => [property, p[state]]));
  const inTable = (state) => Object.fromEntries(Object.values(custom).map((p) => [p.column, p[state]]));

  /** Asserts that the adapter reads and the table holds this user. */
  const assertUser = async ({ id, ...fields }, state) => {
    const { created_at, updated_at, email_verified: emailVerified, ...rest } = await row("users", "id", id);
    const { name, email, image } = rest;
    assert.deepEqual({ name, email, image, emailVerified }, fields);
    assertRow(rest, inTable(state));
    assertHas(await adapter.getUser(id), { id, ...fields, ...values(state) });
  };

  const profile = { name: "Ada", email: `ada@${mark}.example`, image: "https://example.com/ada.png", emailVerified: times.verified };
  let user;

  await t.test("createUser", async () => {
    const created = await adapter.createUser({ id: crypto.randomUUID(), ...profile, ...values("given") });
    const { id } = await row("users", "email", profile.email);
    assertHas(created, { id, ...profile });
    user = { id, ...profile };
    await assertUser(user, writes ? "given" : "initial");
  });

  await t.test("createUser with an e-mail address alone", async () => {
    const email = `new@${mark}.example`;
    const { id } = await adapter.createUser({ id: crypto.randomUUID(), email, emailVerified: null });
    await assertUser({ id, name: null, email, image: null, emailVerified: null }, "initial");
  });

  await t.test("createUser with an e-mail address that is taken", async () => {
    await assert.rejects(async () => adapter.createUser({ id: crypto.randomUUID(), ...profile }));
    assert.equal((await rows("users", "email", profile.email)).length, 1);
  });

  await t.test("getUser, getUserByEmail", async () => {
    assertHas(await adapter.getUserByEmail(user.email), user);
    none(await adapter.getUser(nobody));
    none(await adapter.getUserByEmail("nobody@example.com"));
  });

  await t.test("updateUser", async () => {
    // To the microsecond, of which JavaScript knows nothing.
    const made = async () => (await db.query("SELECT created_at::text FROM nextauth.users WHERE id = $1", [user.id])).rows;
    const before = await made();
    user.name = "Ada King";
    assertHas(await adapter.updateUser({ id: user.id, name: user.name }), { id: user.id, name: user.name });
    await assertUser(user, writes ? "given" : "initial");
    user.emailVerified = times.later;
    await adapter.updateUser({ id: user.id, emailVerified: user.emailVerified, ...values("changed") });
    await assertUser(user, writes ? "changed" : "initial");
    assert.deepEqual(await made(), before);
  });

  if (traits.clears !== false) {
    await t.test("updateUser with null", async () => {
      user.emailVerified = null;
      await adapter.updateUser({ id: user.id, emailVerified: null });
      await assertUser(user, writes ? "changed" : "initial");
    });
  }

  const account = { ...oauthAccount, providerAccountId: `${mark}:1` };
  const ofAccount = { provider: account.provider, providerAccountId: account.providerAccountId };

  await t.test("linkAccount", async () => {
    await adapter.linkAccount({ userId: user.id, ...account });
    const { id, created_at, updated_at, ...rest } = await row("accounts", "provider_account_id", account.providerAccountId);
    const { type: provider_type, provider: provider_id, providerAccountId: provider_account_id, ...tokens } = account;
    assertRow(rest, {
      user_id: user.id, provider_type, provider_id, provider_account_id, ...tokens,
      compound_id: createHash("sha256").update(`github:${account.providerAccountId}`).digest("hex"),
      access_token_expires: new Date(account.expires_at * 1000),
    });
  });

  await t.test("linkAccount without tokens", async () => {
    const other = { type: "email", provider: "email", providerAccountId: user.email };
    await adapter.linkAccount({ userId: user.id, ...other });
    const { provider_type, access_token, access_token_expires, expires_at } = await row("accounts", "provider_account_id", user.email);
    assert.deepEqual([provider_type, access_token, access_token_expires, expires_at], ["email", null, null, null]);
  });

  await t.test("linkAccount a second time", async () => {
    await assert.rejects(async () => adapter.linkAccount({ userId: user.id, ...account }));
    assert.equal((await rows("accounts", "user_id", user.id)).length, 2);
  });

  await t.test("getUserByAccount", async () => {
    assertHas(await adapter.getUserByAccount(ofAccount), { ...user, ...(writes && values("changed")) });
    none(await adapter.getUserByAccount({ ...ofAccount, provider: "gitlab" }));
  });

  if (adapter.getAccount) {
    await t.test("getAccount", async () => {
      assertHas(await adapter.getAccount(account.providerAccountId, account.provider), { userId: user.id, ...account });
      none(await adapter.getAccount(account.providerAccountId, "gitlab"));
    });
  }

  const session = { sessionToken: `${mark} session`, expires: times.verified };

  await t.test("createSession", async () => {
    session.userId = user.id;
    assertHas(await adapter.createSession({ ...session }), session);
    const { user_id, expires, access_token } = await row("sessions", "session_token", session.sessionToken);
    assert.deepEqual({ user_id, expires }, { user_id: user.id, expires: session.expires });
    assert.match(access_token, /^[0-9a-f]{64}$/);
  });

  await t.test("getSessionAndUser", async () => {
    const found = await adapter.getSessionAndUser(session.sessionToken);
    assertHas(found.session, session);
    assertHas(found.user, { ...user, ...(writes && values("changed")) });
    none(await adapter.getSessionAndUser("no such token"));
  });

  await t.test("updateSession", async () => {
    const before = await row("sessions", "session_token", session.sessionToken);
    session.expires = times.later;
    const answer = await adapter.updateSession({ sessionToken: session.sessionToken, expires: session.expires });
    if (answer) assertHas(answer, session);
    const { updated_at, ...after } = await row("sessions", "session_token", session.sessionToken);
    assertRow(after, { id: before.id, user_id: user.id, access_token: before.access_token, expires: session.expires });
    assertHas((await adapter.getSessionAndUser(session.sessionToken)).session, session);
  });

  await t.test("deleteSession", async () => {
    await adapter.createSession({ ...session, sessionToken: `${mark} kept` });
    await adapter.deleteSession(session.sessionToken);
    assert.deepEqual((await rows("sessions", "user_id", user.id)).map((kept) => kept.session_token), [`${mark} kept`]);
  });

  const token = { token: `${mark} token`, expires: times.verified };

  await t.test("createVerificationToken", async () => {
    token.identifier = user.email;
    assertHas(await adapter.createVerificationToken({ ...token }), token);
    const { identifier, expires } = await row("verification_requests", "token", token.token);
    assert.deepEqual({ identifier, expires }, { identifier: token.identifier, expires: token.expires });
  });

  await t.test("useVerificationToken", async () => {
    const { expires, ...key } = token;
    none(await adapter.useVerificationToken({ ...key, identifier: "eve@example.com" }));
    const use = () => adapter.useVerificationToken(key);
    const answers = traits.findsThenDeletes ? [await use()] : await bothAtOnce(db, token.token, use);
    const used = answers.filter((answer) => answer);
    assert.equal(used.length, 1);
    assertHas(used[0], token);
    assert.equal(await row("verification_requests", "token", token.token), undefined);
    none(await adapter.useVerificationToken(key));
  });

  if (adapter.createAuthenticator) {
    const credentialID = `${mark} credential`;
    const authenticator = {
      credentialID, providerAccountId: account.providerAccountId, credentialPublicKey: "a key", counter: 0,
      credentialDeviceType: "multiDevice", credentialBackedUp: true, transports: "internal,hybrid",
    };

    await t.test("createAuthenticator", async () => {
      authenticator.userId = user.id;
      assertHas(await adapter.createAuthenticator({ ...authenticator }), authenticator);
      assertRow(await row("authenticators", "credential_id", credentialID), {
        user_id: user.id, provider_account_id: account.providerAccountId, credential_public_key: "a key", counter: 0,
        credential_device_type: "multiDevice", credential_backed_up: true, transports: "internal,hybrid",
      });
    });

    await t.test("getAuthenticator, listAuthenticatorsByUserId", async () => {
      assertHas(await adapter.getAuthenticator(credentialID), authenticator);
      none(await adapter.getAuthenticator("no such credential"));
      const [first, ...others] = await adapter.listAuthenticatorsByUserId(user.id);
      assertHas(first, authenticator);
      assert.deepEqual(others, []);
    });

    await t.test("updateAuthenticatorCounter", async () => {
      assertHas(await adapter.updateAuthenticatorCounter(credentialID, 7), { ...authenticator, counter: 7 });
      assert.equal((await row("authenticators", "credential_id", credentialID)).counter, 7);
    });
  }

  await t.test("unlinkAccount", async () => {
    await adapter.unlinkAccount(ofAccount);
    assert.deepEqual((await rows("accounts", "user_id", user.id)).map(({ provider_id }) => provider_id), ["email"]);
  });

  await t.test("deleteUser takes all that is the user's along", async () => {
    await adapter.deleteUser(user.id);
    assert.deepEqual(await rows("users", "id", user.id), []);
    for (const table of ["accounts", "sessions", ...(adapter.createAuthenticator ? ["authenticators"] : [])]) {
      assert.deepEqual(await rows(table, "user_id", user.id), [], table);
    }
  });
}
