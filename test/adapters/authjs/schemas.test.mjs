// Libraries that name the schema of the views themselves: one role, whose search_path nobody has set, uses them all.
import assert from "node:assert/strict";
import test from "node:test";
import pg from "pg";
import { withDatabase } from "../helpers/database.mjs";
import betterAuth from "./adapters/better-auth.mjs";
import { describe, load, open } from "./helpers/declarations.mjs";

const opened = {
  drizzle: open.drizzle,
  typeorm: open.typeorm,
  "mikro-orm": open["mikro-orm"],
  ...(Number(process.versions.node.split(".")[0]) >= 20 && { prisma: open.prisma }),
  async kysely(app) {
    const [{ KyselyAdapter }, { Kysely, PostgresDialect }] = await Promise.all([import("@auth/kysely-adapter"), import("kysely")]);
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ ...app, max: 2 }) }) });
    return { adapter: KyselyAdapter(db.withSchema("nextauth_kysely")), close: () => db.destroy() };
  },
  async sequelize({ host, user, database }, text) {
    const [{ default: SequelizeAdapter }, { Sequelize }] = await Promise.all([import("@auth/sequelize-adapter"), import("sequelize")]);
    const sequelize = new Sequelize(database, user, null, { host, dialect: "postgres", schema: "nextauth_sequelize", logging: false });
    const models = text && (await load(text)).models(sequelize);
    return { adapter: SequelizeAdapter(sequelize, { synchronize: false, ...(models && { models }) }), close: () => sequelize.close() };
  },
  async "better-auth"(app) {
    const { Kysely, PostgresDialect } = await import("kysely");
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ ...app, max: 2 }) }) });
    const { auth, close } = await betterAuth.open(app, { database: { db: db.withSchema("nextauth_better_auth"), type: "postgres" } });
    const { internalAdapter } = await auth.$context;
    const adapter = {
      createUser: (user) => internalAdapter.createUser({ name: "", ...user, emailVerified: false }),
      getUserByEmail: async (email) => (await internalAdapter.findUserByEmail(email))?.user,
      createSession: ({ userId }) => internalAdapter.createSession(userId),
    };
    return { adapter, close: () => Promise.all([close(), db.destroy()]) };
  },
};
const names = Object.keys(opened);

test("one role uses several adapters, without a search_path", () =>
  withDatabase(async ({ admin, owner, app }) => {
    await owner.query(`SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}')`);
    const all = await Promise.all(names.map(async (name) => ({ name, ...(await opened[name](app, await describe(owner, name))) })));
    try {
      for (const { name, adapter } of all) {
        const email = `${name}@example.com`;
        const { id } = await adapter.createUser({ id: crypto.randomUUID(), email, emailVerified: null });
        await adapter.createSession({ userId: id, sessionToken: name, expires: new Date("2035-12-31") });
        for (const other of all) assert.equal((await other.adapter.getUserByEmail(email)).id, id, `${other.name} finds the user of ${name}`);
      }
      assert.equal((await admin.query("SELECT FROM nextauth.users JOIN nextauth.sessions ON user_id = users.id")).rowCount, names.length);
    } finally {
      for (const { close } of all) await close();
    }
  }, { idType: "text", adapters: names }));
