// An application with a model that is out of date and `synchronize: true` cannot destroy what the models hold.
import assert from "node:assert/strict";
import test from "node:test";
import { TypeORM } from "next-auth/adapters";
import { getConnection } from "typeorm";
import { withDatabase } from "./helpers/database.mjs";

const { columns: builtin } = TypeORM.Models.User.schema;
const phoneNumber = { type: "varchar", nullable: true };
const { image: _, ...withoutImage } = builtin;

/** What each application believes to be the columns of User, and what the server tells it. */
const outdated = [
  { title: "a custom column is not in the model", columns: builtin,
    error: 'cannot drop column "phone_number" of model "User"' },
  { title: "a built-in column is not in the model", columns: { ...withoutImage, phoneNumber },
    error: 'cannot drop column "image" of model "User"' },
  { title: "a built-in column has another name", columns: { ...builtin, image: { ...builtin.image, name: "picture" }, phoneNumber },
    error: 'cannot rename column "image" of model "User"' },
  { title: "a built-in column has another type", columns: { ...builtin, email: { ...builtin.email, type: "text" }, phoneNumber },
    error: 'cannot drop column "email" of model "User"' },
  { title: "a built-in column has another length", columns: { ...builtin, name: { ...builtin.name, length: 10 }, phoneNumber },
    error: 'cannot drop column "name" of model "User"' },
  { title: "a custom column has another type", columns: { ...builtin, phoneNumber: { ...phoneNumber, type: "int" } },
    error: 'cannot drop column "phone_number" of model "User"' },
];

test("synchronize with an outdated User", (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    await fill(owner);
    const before = await contents(admin);

    for (const { title, columns, error } of outdated) {
      await t.test(title, async () => {
        // The owner of the tables: nobody else could alter them anyway.
        const errors = await startApplication({ ...app, user: owner.user }, columns);
        assert.deepEqual(errors, [{ message: error, code: "2BP01" }]);
        assert.deepEqual(await contents(admin), before);
      });
    }

    await t.test("the model as it is", async () => {
      assert.deepEqual(await startApplication({ ...app, user: owner.user }, { ...builtin, phoneNumber }), []);
      assert.deepEqual(await contents(admin), before);
    });

    await t.test("protection switched off for the role", async () => {
      await admin.query(`ALTER ROLE ${owner.user} SET nextauth.protect_columns = off`);
      assert.deepEqual(await startApplication({ ...app, user: owner.user }, builtin), []);
      const after = await contents(admin);
      assert.deepEqual(after.custom, []);
      assert.deepEqual(after.findings, []);
      assert.deepEqual(after.users, before.users.map(({ phone_number, ...row }) => row));
    });
  }));

async function fill(owner) {
  await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify({ phoneNumber })]);
  await owner.query(`
    INSERT INTO nextauth.users (name, email, image, phone_number)
    SELECT 'user ' || i, i || '@example.com', i || '.png', '+' || i FROM generate_series(1, 10) i`);
}

/** All that an application could destroy: rows with their columns, the catalog, and the columns as PostgreSQL has them. */
async function contents(admin) {
  const query = async (sql) => (await admin.query(sql)).rows;
  return {
    users: (await query("SELECT to_jsonb(u) AS row FROM nextauth.users u ORDER BY id")).map(({ row }) => row),
    custom: await query("SELECT * FROM nextauth.custom_column ORDER BY model, property"),
    columns: await query("SELECT * FROM nextauth.model_columns ORDER BY model, position"),
    findings: await query("SELECT * FROM nextauth.check_models()"),
  };
}

/** Starts an application with these columns of User and `synchronize: true`; what the server refuses it. */
async function startApplication({ user: username, ...place }, columns) {
  const { model, schema } = TypeORM.Models.User;
  const adapter = TypeORM.Adapter(
    { type: "postgres", ...place, username, schema: "nextauth", synchronize: true },
    // The adapter writes into the columns that it is given.
    { models: { User: { model, schema: { ...schema, columns: structuredClone(columns) } } } });
  const logger = { debug() {}, warn() {}, error() {} };
  try {
    await adapter.getAdapter({ session: { maxAge: 1, updateAge: 1 }, secret: "a secret", logger });
    return [];
  } catch ({ message, code }) {
    return [{ message, code }];
  } finally {
    const connection = getConnection("nextauth");
    if (connection.isConnected) await connection.close();
  }
}
