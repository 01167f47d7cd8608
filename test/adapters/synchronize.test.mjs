// An application with a model that is out of date and `synchronize: true` cannot destroy what the models hold.
import assert from "node:assert/strict";
import test from "node:test";
import { TypeORM } from "next-auth/adapters";
import { getConnection } from "typeorm";
import { withDatabase } from "./helpers/database.mjs";
import { withTypeORM } from "./helpers/typeorm.mjs";

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

/**
 * What was defined, and what it was altered to, which the application does not know. TypeORM drops and makes anew what has another
 * type or length; everything else it alters back, and leaves the values alone.
 */
const dropRefused = { message: 'cannot drop column "extra" of model "User"', code: "2BP01" };
const altered = [
  { title: "length", from: { type: "varchar", length: 10 }, to: { type: "varchar", length: 20 }, error: dropRefused },
  { title: "length removed", from: { type: "varchar", length: 10 }, to: { type: "varchar" }, error: dropRefused },
  { title: "type", from: { type: "varchar" }, to: { type: "text" }, error: dropRefused },
  { title: "wider type", from: { type: "int" }, to: { type: "bigint" }, error: dropRefused },
  { title: "precision", from: { type: "numeric", precision: 6, scale: 2 }, to: { type: "numeric", precision: 9, scale: 2 } },
  { title: "an enum's labels", from: { type: "enum", enum: ["1", "2"] }, to: { type: "enum", enum: ["1", "2", "3"] } },
  { title: "no enum any more", from: { type: "enum", enum: ["1", "2"] }, to: { type: "varchar" }, error: dropRefused },
  { title: "an enum now", from: { type: "varchar" }, to: { type: "enum", enum: ["1", "2"] }, error: dropRefused },
  { title: "nullability", from: { type: "int" }, to: { type: "int", nullable: false } },
  { title: "default", from: { type: "int", default: 1 }, to: { type: "int", default: 2 } },
  { title: "unique", from: { type: "int" }, to: { type: "int", unique: true, comment: "one each" } },
  { title: "comment", from: { type: "int", comment: "old" }, to: { type: "int", comment: "new" } },
  { title: "a sequence", from: { type: "int" }, to: { type: "int", nullable: false, generated: "increment" } },
  { title: "an identity", from: { type: "int" }, to: { type: "int", nullable: false, generated: "identity" },
    error: { message: 'column "extra" of relation "users" is an identity column', code: "42601" } },
  { title: "a foreign key", from: { type: "int" }, to: { type: "int", foreignKey: { target: "User" } } },
  { title: "a computed column", from: { type: "int" }, error: { message: 'relation "typeorm_metadata" does not exist', code: "42P01" },
    to: "SELECT nextauth.drop_properties('User', 'extra'), nextauth.extend_model('User'," +
      ` '{"extra": {"type": "int", "asExpression": "length(name)", "generatedType": "STORED", "nullable": true}}')` },
  { title: "renamed", from: { type: "int" }, to: "SELECT nextauth.rename_property('User', 'extra', 'other')",
    after: (row) => { const { other, ...rest } = row; return { ...rest, extra: other }; } },
];

test("synchronize with an outdated definition of an altered column", async (t) => {
  for (const { title, from, to, error, after = (row) => row } of altered) {
    await t.test(title, () =>
      withDatabase(async ({ admin, owner, app }) => {
        const extend = (extra) => owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify({ extra: { nullable: true, ...extra } })]);
        await extend(from);
        await owner.query("INSERT INTO nextauth.users (email, extra) VALUES ('a', '1'), ('b', '2')");
        if (typeof to === "string") await owner.query(to);
        else await extend(to);

        const before = await contents(admin);
        const columns = { ...builtin, extra: { nullable: true, ...from } };
        const errors = await startApplication({ ...app, user: owner.user }, columns);
        assert.deepEqual(errors, error ? [error] : []);
        const now = await contents(admin);
        if (error) assert.deepEqual(now, before);
        assert.deepEqual(now.users, before.users.map(after));
        assert.deepEqual(now.findings, []);

        // Whoever owns the definition sets it right again.
        if (typeof to !== "string") {
          await extend(to);
          assert.deepEqual((await contents(admin)).columns, before.columns);
        }
      }));
  }
});

test("dropSchema", (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    await fill(owner);
    for (const { name } of (await admin.query("SELECT relation::text AS name FROM nextauth.models")).rows)
      await admin.query(`ALTER TABLE ${name} SET SCHEMA public`);
    await admin.query(`GRANT ALL ON SCHEMA public TO ${owner.user}`);
    const rows = async () => (await admin.query("SELECT email, phone_number FROM public.users ORDER BY id")).rows;
    const before = await rows();
    const drop = () => withTypeORM({ ...app, user: owner.user }, { schemas: [], schema: "public", dropSchema: true }, () => {});

    await t.test("is refused while a model has rows", async () => {
      await assert.rejects(drop, { message: 'cannot drop table "public.users" of model "User"', code: "2BP01" });
      assert.deepEqual(await rows(), before);
      assert.deepEqual((await admin.query("SELECT count(*)::int FROM nextauth.models")).rows, [{ count: 4 }]);
    });

    await t.test("unless the role is not protected", async () => {
      await admin.query(`ALTER ROLE ${owner.user} SET nextauth.protect_tables = off`);
      await drop();
      assert.deepEqual((await admin.query("SELECT to_regclass('public.users')")).rows, [{ to_regclass: null }]);
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
    findings: await query("SELECT * FROM nextauth.check_models() WHERE model IS NOT NULL"),
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
