// Better Auth in its default configuration: what a browser does with it, and every operation of its own adapter.
import assert from "node:assert/strict";
import test from "node:test";
import { openBrowser } from "../helpers/browser.mjs";
import { withDatabase } from "../helpers/database.mjs";
import betterAuth, { additionalFields } from "./adapters/better-auth.mjs";
import pg from "./adapters/pg.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { assertHas, assertRow } from "./helpers/suite.mjs";

// Beside another adapter, for what the two keep in columns of their own.
const run = { idType: "text", adapters: ["better-auth", "pg"] };

/** Sends requests as a browser does, and keeps the cookies. */
function browse(auth) {
  const browser = openBrowser((request) => auth.handler(request), { "user-agent": "a browser", "x-forwarded-for": "192.0.2.1" });
  return async (path, body) => {
    const response = await (body ? browser.postJSON(path, body) : browser.get(path));
    const answer = await response.json();
    assert.equal(response.status, 200, `${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
}

const readers = (db) => {
  const rows = async (table, column, value) => (await db.query(`SELECT * FROM nextauth.${table} WHERE ${column} = $1`, [value])).rows;
  return { rows, row: async (...of) => (await rows(...of))[0] };
};

const idOptions = { text: {}, uuid: { advanced: { database: { generateId: "uuid" } } } };

for (const [idType, idOption] of Object.entries(idOptions)) test(`a browser, on ${idType} ids`, (t) =>
  withDatabase(async ({ admin, app }) => {
    const { rows, row } = readers(admin);
    const mail = [];
    const send = async ({ token }) => mail.push(token);
    const { auth, close } = await betterAuth.open(app, {
      emailAndPassword: { enabled: true, sendResetPassword: send }, emailVerification: { sendVerificationEmail: send },
      user: { deleteUser: { enabled: true } }, ...idOption,
    });
    const request = browse(auth);
    const email = "ada@example.com";
    const password = "correct horse battery staple";
    let user;

    try {
      await t.test("signs up", async () => {
        await request("/sign-up/email", { name: "Ada", email: "Ada@example.com", password });
        user = await row("users", "email", email);
        assertRow(user, { name: "Ada", image: null, email_verified: null });
        const account = await row("accounts", "user_id", user.id);
        assertRow(account, { provider_id: "credential", provider_account_id: user.id, provider_type: "credentials", access_token: null });
        assert.match(account.password, /^[0-9a-f]+:[0-9a-f]+$/);
        assertRow(await row("sessions", "user_id", user.id), { ip_address: "192.0.2.1", user_agent: "a browser" });
      });

      await t.test("signs out and in", async () => {
        await request("/sign-out", {});
        assert.deepEqual(await rows("sessions", "user_id", user.id), []);
        assert.equal(await request("/get-session"), null);
        await request("/sign-in/email", { email, password });
        const { session_token, access_token, expires } = await row("sessions", "user_id", user.id);
        assert.notEqual(access_token, session_token);
        const { session, user: found } = await request("/get-session");
        assertHas(session, { token: session_token, expiresAt: expires.toJSON(), userId: user.id });
        assertHas(found, { id: user.id, email, emailVerified: false, createdAt: user.created_at.toJSON() });
      });

      await t.test("changes the user", async () => {
        await request("/update-user", { name: "Ada King", image: "https://example.com/ada.png" });
        const { updated_at, ...after } = await row("users", "id", user.id);
        assertRow(after, { name: "Ada King", image: "https://example.com/ada.png", email_verified: null, created_at: user.created_at });
        assert.ok(updated_at > user.updated_at);
      });

      await t.test("verifies the e-mail address", async () => {
        await request("/send-verification-email", { email });
        await request(`/verify-email?token=${mail.pop()}`);
        const { email_verified } = await row("users", "id", user.id);
        assert.ok(email_verified instanceof Date);
        assert.equal((await request("/get-session")).user.emailVerified, true);
        await request("/update-user", { name: "Ada" });
        assert.deepEqual((await row("users", "id", user.id)).email_verified, email_verified);
      });

      await t.test("resets the password", async () => {
        await request("/request-password-reset", { email });
        const token = mail.pop();
        const { value, token: unknown } = await row("verification_requests", "identifier", `reset-password:${token}`);
        assert.equal(value, user.id);
        assert.match(unknown, /^[0-9a-f]{64}$/);
        // What is known to a browser of the one proves nothing to the other.
        const authjs = await pg.open(app);
        for (const guess of [token, value]) {
          assert.equal(await authjs.adapter.useVerificationToken({ identifier: `reset-password:${token}`, token: guess }), null);
        }
        await authjs.close();
        await request("/reset-password", { token, newPassword: "another password" });
        assert.equal(await row("verification_requests", "identifier", `reset-password:${token}`), undefined);
        await request("/sign-in/email", { email, password: "another password" });
      });

      await t.test("signs in elsewhere, and out there", async () => {
        await browse(auth)("/sign-in/email", { email, password: "another password" });
        assert.equal((await request("/list-sessions")).length, 3); // two from here
        await request("/revoke-other-sessions", {});
        assert.equal((await rows("sessions", "user_id", user.id)).length, 1);
      });

      await t.test("deletes the user", async () => {
        await request("/delete-user", { password: "another password" });
        for (const [table, column] of [["users", "id"], ["accounts", "user_id"], ["sessions", "user_id"]]) {
          assert.deepEqual(await rows(table, column, user.id), [], table);
        }
      });
    } finally {
      await close();
    }
  }, { ...run, idType }));

test("the team's own fields", () =>
  withDatabase(async ({ admin, owner, app }) => {
    await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
    const { auth, close } = await betterAuth.open(app, { user: { additionalFields } });
    try {
      const request = browse(auth);
      const values = (state) => Object.fromEntries(Object.entries(custom).map(([property, p]) => [property, p[state]]));
      const assertUser = async (state) => {
        const { rows: [user] } = await admin.query("SELECT * FROM nextauth.users");
        assertRow(user, Object.fromEntries(Object.values(custom).map((p) => [p.column, p[state]])));
        assertHas((await request("/get-session")).user, JSON.parse(JSON.stringify(values(state))));
      };
      const profile = { name: "Ada", email: "ada@example.com", password: "correct horse battery staple" };
      await request("/sign-up/email", { ...profile, ...values("given") });
      await assertUser("given");
      await request("/update-user", values("changed"));
      await assertUser("changed");
    } finally {
      await close();
    }
  }, run));

test("every operation of its adapter", (t) =>
  withDatabase(async ({ admin, app }) => {
    const { rows, row } = readers(admin);
    const { auth, close } = await betterAuth.open(app);
    try {
      const { internalAdapter, adapter } = await auth.$context;
      const untried = new Set([...Object.keys(internalAdapter), ...Object.keys(adapter)]);
      const watch = (operations) => new Proxy(operations, {
        get(target, name) {
          untried.delete(name);
          return target[name];
        },
      });
      await operate(t, { its: watch(internalAdapter), raw: watch(adapter), rows, row });
      // The first is for a cache beside the database; the others are no operations.
      for (const name of ["refreshUserSessions", "createSchema", "options", "id"]) untried.delete(name);
      assert.deepEqual([...untried], []);
    } finally {
      await close();
    }
  }, run));

async function operate(t, { its, raw, rows, row }) {
  const expiresAt = new Date("2035-12-31T23:59:59.001Z");
  const where = (field, value, operator) => [{ field, value, ...(operator && { operator }) }];
  let user;

  await t.test("users", async () => {
    user = await its.createUser({ name: "Ada", email: "Ada@example.com", emailVerified: false });
    assertRow(await row("users", "id", user.id), { name: "Ada", email: "ada@example.com", email_verified: null });
    assertHas(await its.findUserById(user.id), user);
    assertHas((await its.findUserByEmail("ADA@example.com", { includeAccounts: true })).user, user);
    await its.updateUser(user.id, { name: "Ada King" });
    await its.updateUserByEmail(user.email, { emailVerified: true });
    const { name, email_verified } = await row("users", "id", user.id);
    assert.equal(name, "Ada King");
    assert.ok(email_verified instanceof Date);
    await its.updateUser(user.id, { emailVerified: false });
    assert.equal((await row("users", "id", user.id)).email_verified, null);

    for (const number of [1, 2, 3]) await its.createUser({ name: `User ${number}`, email: `${number}@example.com`, emailVerified: number > 1 });
    assert.equal(await its.countTotalUsers(), 4);
    assert.equal(await its.countTotalUsers(where("emailVerified", true)), 2);
    const listed = await its.listUsers(2, 1, { field: "name", direction: "desc" }, where("email", "@example", "contains"));
    assert.deepEqual(listed.map((found) => found.name), ["User 2", "User 1"]);
  });

  await t.test("accounts", async () => {
    const { account } = await its.createOAuthUser({ name: "Eve", email: "eve@example.com", emailVerified: true },
      { providerId: "github", accountId: "eve", accessToken: "access", accessTokenExpiresAt: expiresAt, refreshTokenExpiresAt: expiresAt });
    assertRow(await row("accounts", "id", account.id), {
      provider_id: "github", provider_account_id: "eve", access_token_expires: expiresAt, refresh_token_expires_at: expiresAt,
      expires_at: Math.floor(expiresAt / 1000),
    });
    assertHas((await its.findAccountOwnerByKey({ providerId: "github", accountId: "eve" })).user, { email: "eve@example.com" });

    const linked = await its.linkAccount({ userId: user.id, providerId: "github", accountId: "ada", scope: "read:user" });
    const credential = await its.createAccount({ userId: user.id, providerId: "credential", accountId: user.id, password: "a hash" });
    assertHas(await its.findAccountByKey({ providerId: "github", accountId: "ada" }), { id: linked.id, scope: "read:user" });
    assertHas(await its.findCredentialAccount(user.id), { id: credential.id, password: "a hash" });
    assert.equal((await its.findAccounts(user.id)).length, 2);
    assert.equal((await its.findAccountByUserId(user.id)).length, 2);
    await its.updatePassword(user.id, "another hash");
    assert.equal((await row("accounts", "id", credential.id)).password, "another hash");
    await its.updateAccount(linked.id, { accessToken: "access", accessTokenExpiresAt: expiresAt });
    assertRow(await row("accounts", "id", linked.id), { access_token: "access", expires_at: Math.floor(expiresAt / 1000) });

    await its.deleteAccount(linked.id);
    assert.deepEqual((await rows("accounts", "user_id", user.id)).map(({ id }) => id), [credential.id]);
    await its.deleteAccounts(user.id);
    assert.deepEqual(await rows("accounts", "user_id", user.id), []);
  });

  await t.test("sessions", async () => {
    const sessions = [];
    for (let i = 0; i < 4; i++) sessions.push(await its.createSession(user.id));
    const [{ token }, { token: second }, { token: third }] = sessions;
    const found = await its.findSession(token);
    assertHas(found.session, sessions[0]);
    assertHas(found.user, { id: user.id, emailVerified: false });
    assert.equal((await its.findSessions([token, second])).length, 2);
    assert.equal((await its.listSessions(user.id, { onlyActiveSessions: true })).length, 4);
    await its.updateSession(token, { expiresAt, ipAddress: "192.0.2.1" });
    assertRow(await row("sessions", "session_token", token), { expires: expiresAt, ip_address: "192.0.2.1" });
    await its.deleteSession(token);
    assert.equal((await rows("sessions", "user_id", user.id)).length, 3);
    await its.deleteSessions([second, third]);
    assert.equal((await rows("sessions", "user_id", user.id)).length, 1);
    await its.deleteUserSessions(user.id);
    assert.equal((await rows("sessions", "user_id", user.id)).length, 0);
  });

  await t.test("verification", async () => {
    const identifier = "sign-in";
    const created = await its.createVerificationValue({ identifier, value: "one", expiresAt });
    assertRow(await row("verification_requests", "id", created.id), { identifier, value: "one", expires: expiresAt });
    assertHas(await its.findVerificationValue(identifier), { value: "one", expiresAt });
    await its.updateVerificationByIdentifier(identifier, { value: "two" });
    assert.equal((await row("verification_requests", "id", created.id)).value, "two");
    const consumed = await Promise.all([its.consumeVerificationValue(identifier), its.consumeVerificationValue(identifier)]);
    assert.deepEqual(consumed.map((answer) => answer?.value).sort(), ["two", undefined]);
    assert.deepEqual([true, false], [
      await its.reserveVerificationValue({ identifier: "once", value: "a", expiresAt }),
      await its.reserveVerificationValue({ identifier: "once", value: "b", expiresAt }),
    ]);
    assert.deepEqual((await rows("verification_requests", "identifier", "once")).map(({ value }) => value), ["a"]);
    await its.deleteVerificationByIdentifier("once");
    assert.deepEqual(await rows("verification_requests", "identifier", "once"), []);
  });

  await t.test("transactions", async () => {
    await assert.rejects(raw.transaction(async (inside) => {
      await inside.create({ model: "user", data: { name: "Nobody", email: "nobody@example.com", emailVerified: true } });
      assertHas(await inside.findOne({ model: "user", where: where("email", "nobody@example.com") }), { emailVerified: true });
      throw new Error("changed my mind");
    }), { message: "changed my mind" });
    assert.deepEqual(await rows("users", "email", "nobody@example.com"), []);
  });

  await t.test("what plugins use", async () => {
    const model = "user";
    const { id } = await raw.create({ model, data: { name: "A", email: "a@example.com", emailVerified: true } });
    assertHas(await raw.findOne({ model, where: where("id", id) }), { name: "A", emailVerified: true });
    await raw.update({ model, where: where("id", id), update: { name: "B" } });
    assert.equal(await raw.updateMany({ model, where: where("name", "B"), update: { emailVerified: false } }), 1);
    assertRow(await row("users", "id", id), { name: "B", email_verified: null });
    assertHas(await raw.incrementOne({ model, where: where("id", id), increment: {}, set: { name: "C" } }), { name: "C" });
    assert.equal(await raw.count({ model, where: where("name", "C") }), 1);
    assert.equal((await raw.findMany({ model, where: where("id", [id], "in") })).length, 1);
    assertHas(await raw.consumeOne({ model, where: where("id", id) }), { id });
    for (const email of ["b@example.com", "c@example.com", "d@example.com"]) {
      await raw.create({ model, data: { name: "D", email, emailVerified: false } });
    }
    await raw.delete({ model, where: where("email", "b@example.com") });
    assert.equal(await raw.deleteMany({ model, where: where("name", "D") }), 2);
    assert.deepEqual(await rows("users", "name", "D"), []);
  });

  await t.test("the end of a user", async () => {
    await its.createSession(user.id);
    await its.linkAccount({ userId: user.id, providerId: "github", accountId: "ada" });
    await its.deleteUser(user.id);
    for (const [table, column] of [["users", "id"], ["accounts", "user_id"], ["sessions", "user_id"]]) {
      assert.deepEqual(await rows(table, column, user.id), [], table);
    }
  });
}
