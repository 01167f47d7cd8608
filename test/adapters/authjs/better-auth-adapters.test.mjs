// Better Auth on its adapters for Drizzle and Prisma, which are told of the views by what describe_model() prints. No search_path.
import assert from "node:assert/strict";
import test from "node:test";
import pg from "pg";
import { withDatabase } from "../helpers/database.mjs";
import betterAuth from "./adapters/better-auth.mjs";
import { setCookies } from "./helpers/cookies.mjs";
import { describe, load } from "./helpers/declarations.mjs";
import { assertHas, assertRow } from "./helpers/suite.mjs";

const node = Number(process.versions.node.split(".")[0]);

/** Opens the database of Better Auth with what is printed, as `text`. */
const open = {
  async drizzle(app, text) {
    const [{ drizzleAdapter }, { drizzle }] = await Promise.all([import("better-auth/adapters/drizzle"), import("drizzle-orm/node-postgres")]);
    const pool = new pg.Pool({ ...app, max: 2 });
    const { authTables: schema } = await load(text);
    return { database: drizzleAdapter(drizzle(pool), { provider: "pg", schema }), close: () => pool.end() };
  },
  async prisma(app, text) {
    const [{ prismaAdapter }, { PrismaPg }, { generateClient }] = await Promise.all([
      import("better-auth/adapters/prisma"), import("@prisma/adapter-pg"), import("./helpers/prisma-client.mjs")]);
    const { PrismaClient, remove } = await generateClient(text, /schemas = \[.*\]/.exec(text)[0]);
    const prisma = new PrismaClient({ adapter: new PrismaPg({ ...app, max: 2 }) });
    const close = async () => {
      await prisma.$disconnect();
      await remove();
    };
    return { database: prismaAdapter(prisma, { provider: "postgresql" }), close };
  },
};

for (const [name, openDatabase] of Object.entries(open)) {
  test(`Better Auth on ${name}`, { skip: name === "prisma" && node < 20 && "Prisma 7 needs Node.js 20" }, () =>
    withDatabase(async ({ admin, owner, app }) => {
      await admin.query("SET timezone = 'UTC'");
      await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify({
        role: { enum: ["user", "admin"], default: "user" }, phoneNumber: { type: "varchar", nullable: true, input: true },
        points: { type: "bigint", default: 0, input: true }, birthday: { type: "date", nullable: true, input: true },
        pin: { type: "text", nullable: true, select: false, input: true },
        // On Prisma it makes JSON a string, and what is printed for arrays is none.
        ...(name === "drizzle" && {
          settings: { type: "jsonb", nullable: true, input: true }, tags: { type: "text", array: true, nullable: true, input: true },
        }),
      })]);
      const { models } = await load(await describe(owner, "better-auth"));
      const { database, close } = await openDatabase(app, await describe(owner, `better-auth-${name}`));
      const { auth, close: closePool } = await betterAuth.open(app, { ...models, database });
      const row = async (table) => (await admin.query(`SELECT t.*, to_jsonb(t) AS all FROM nextauth.${table} t`)).rows[0];
      const custom = { phoneNumber: "1", birthday: new Date("2001-02-03"), ...(name === "drizzle" && { settings: { theme: "dark" }, tags: ["a", "b, c"] }) };
      try {
        const profile = { email: "ada@example.com", password: "correct horse", name: "Ada" };
        await auth.api.signUpEmail({ body: { ...profile, ...custom, pin: "1234", role: "admin" } });
        const user = await row("users");
        assertRow(user, { name: "Ada", email: "ada@example.com", email_verified: null, role: "user", phone_number: "1", pin: "1234" });
        assertHas(user.all, { birthday: "2001-02-03", points: 0, ...(name === "drizzle" && { settings: custom.settings, tags: custom.tags }) });
        assertRow(await row("accounts"), { user_id: user.id, provider_id: "credential", provider_account_id: user.id });

        const { headers } = await auth.api.signInEmail({ body: profile, returnHeaders: true });
        const cookie = new Headers({ cookie: setCookies(headers).map((line) => line.split(";")[0]).join("; ") });
        const { user: found, session } = await auth.api.getSession({ headers: cookie });
        assertHas(found, { id: user.id, email: user.email, emailVerified: false, role: "user", ...custom });
        assert.equal(String(found.points), "0");
        assert.equal(found.pin, undefined);
        assert.equal(session.userId, user.id);

        await auth.api.updateUser({ body: { phoneNumber: "2" }, headers: cookie });
        assertRow(await row("users"), { phone_number: "2", id: user.id });
        const { internalAdapter } = await auth.$context;
        await internalAdapter.createVerificationValue({ identifier: "sign-in", value: "one", expiresAt: new Date("2035-12-31") });
        assertHas(await internalAdapter.consumeVerificationValue("sign-in"), { value: "one" });
        await internalAdapter.updateUser(user.id, { emailVerified: true });
        assert.ok((await row("users")).email_verified instanceof Date);
        await auth.api.signOut({ headers: cookie });
        await internalAdapter.deleteUser(user.id);
        assert.equal(await row("users"), undefined);
        assert.equal(await row("accounts"), undefined);
      } finally {
        await closePool();
        await close();
      }
    }, { idType: "text", adapters: ["better-auth"] }));
}
