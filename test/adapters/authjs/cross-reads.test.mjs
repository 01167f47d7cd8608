// What one adapter writes, or the functions of the database do, every other reads: users, accounts, sessions and tokens, with their
// times to the millisecond, whatever the time zones of the server's sessions and of Node.js are.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import betterAuth from "./adapters/better-auth.mjs";
import { adapters } from "./adapters/index.mjs";
import methods from "./adapters/methods.mjs";
import { assertHas, assertRow, oauthAccount, times } from "./helpers/suite.mjs";

process.env.TZ = "America/St_Johns";

/** Better Auth's own adapter, by the names that Auth.js has for the same. */
const better = {
  name: "better-auth",
  async open(app) {
    const { auth, close } = await betterAuth.open(app);
    const { internalAdapter: its } = await auth.$context;
    const adapter = {
      // It knows whether an address was verified, and no time.
      createUser: ({ id, ...user }) => its.createUser({ ...user, emailVerified: true }),
      getUser: its.findUserById,
      getUserByEmail: async (email) => (await its.findUserByEmail(email)).user,
      linkAccount: ({ userId, provider: providerId, providerAccountId: accountId, scope, ...account }) => its.linkAccount({
        userId, providerId, accountId, scope, accessToken: account.access_token, refreshToken: account.refresh_token,
        idToken: account.id_token, accessTokenExpiresAt: new Date(account.expires_at * 1000),
      }),
      async getAccount(accountId, providerId) {
        const { userId, scope, ...account } = await its.findAccountByKey({ providerId, accountId });
        return {
          userId, provider: account.providerId, providerAccountId: account.accountId, scope, access_token: account.accessToken,
          refresh_token: account.refreshToken, id_token: account.idToken, expires_at: account.accessTokenExpiresAt.getTime() / 1000,
        };
      },
      getUserByAccount: async ({ provider: providerId, providerAccountId: accountId }) =>
        (await its.findAccountOwnerByKey({ providerId, accountId })).user,
      createSession: ({ userId, sessionToken: token, expires: expiresAt }) => its.createSession(userId, false, { token, expiresAt }, true),
      async getSessionAndUser(sessionToken) {
        const { session: { token, userId, expiresAt }, user } = await its.findSession(sessionToken);
        return { session: { sessionToken: token, userId, expires: expiresAt }, user };
      },
    };
    return { adapter, close };
  },
  // What it makes of a user.
  read: (user) => ({ ...user, emailVerified: user.emailVerified !== null }),
};

/** Those that have views, and the functions of the database, which need none. */
const withViews = [...adapters, better];
const all = [...withViews, methods];

test("what one adapter writes every other reads", (t) =>
  withDatabase(async ({ admin, app }) => {
    for (const zone of ["UTC", "Asia/Kolkata"]) {
      await admin.query(`ALTER DATABASE ${app.database} SET TimeZone = '${zone}'`);
      const opened = [];
      try {
        for (const traits of all.filter(({ skip }) => !skip)) opened.push({ ...traits, ...(await traits.open(app)) });
        for (const writer of opened) {
          await t.test(`${writer.name} writes, TimeZone = '${zone}'`, (t) => exchange(t, { writer, readers: opened, db: admin, zone }));
        }
      } finally {
        for (const { close } of opened) await close();
      }
    }
  }, { idType: "text", adapters: withViews.map(({ name }) => name) }));

async function exchange(t, { writer, readers, db, zone }) {
  const { adapter } = writer;
  const mark = `${writer.name}-${zone}`.toLowerCase();
  const profile = { name: "Ada", email: `ada@${mark}.example`, image: "https://example.com/ada.png", emailVerified: times.verified };
  await adapter.createUser({ id: crypto.randomUUID(), ...profile });
  const { rows: [user] } = await db.query(
    `SELECT id, name, email, image, email_verified AS "emailVerified" FROM nextauth.users WHERE email = $1`, [profile.email]);
  if (!writer.read) assertRow(user, profile);

  const ofAccount = { provider: oauthAccount.provider, providerAccountId: mark };
  const { type, token_type, session_state, ...account } = { ...oauthAccount, ...ofAccount, userId: user.id };
  await adapter.linkAccount({ type, token_type, session_state, ...account });
  const session = { sessionToken: `${mark} session`, userId: user.id, expires: times.later };
  await adapter.createSession({ ...session });
  const tokenFor = (reader) => ({ identifier: `${reader.name}@${mark}.example`, token: `${mark} ${reader.name}`, expires: times.later });
  for (const reader of adapter.createVerificationToken ? readers : []) await adapter.createVerificationToken(tokenFor(reader));

  for (const { adapter: its, read = (user) => user, name } of readers) {
    await t.test(`${name} reads`, async () => {
      assertHas(await its.getUser(user.id), read(user));
      assertHas(await its.getUserByEmail(user.email), read(user));
      assertHas(await its.getUserByAccount(ofAccount), read(user));
      if (its.getAccount) assertHas(await its.getAccount(mark, oauthAccount.provider), account);
      const found = await its.getSessionAndUser(session.sessionToken);
      assertHas(found.session, session);
      assertHas(found.user, read(user));
      if (adapter.createVerificationToken && its.useVerificationToken) {
        const { expires, ...key } = tokenFor({ name });
        assertHas(await its.useVerificationToken(key), { expires, ...key });
      }
    });
  }
}
