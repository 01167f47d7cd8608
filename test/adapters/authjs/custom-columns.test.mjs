// The team's own columns reach every adapter, also one that was there before, and each writes them as far as it writes any.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { exerciseAll } from "./helpers/suite.mjs";

test("columns of User that come, change and go after the adapters", (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    const extend = (columns) => owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(columns)]);
    const optional = (type) => ({ type, nullable: true });
    await extend({ phone: optional("varchar"), memberSince: optional("date"), nickName: optional("varchar") });
    await owner.query("SELECT nextauth.rename_property('User', 'phone', 'phoneNumber')");
    await owner.query("SELECT nextauth.drop_properties('User', 'nickName')");
    await extend(definitions);
    await exerciseAll(t, adapters, { app, db: admin, nobody: "nobody", custom });
  }, { idType: "text", adapters: adapters.map(({ name }) => name) }));

test("columns of every model are in every view, by the name that its adapter would give them", (t) =>
  withDatabase(async ({ admin, owner }) => {
    const snakeCase = ["nextauth_sequelize", "nextauth_mikro_orm"];
    const models = (await admin.query("SELECT model FROM nextauth.models")).rows.map(({ model }) => model);
    const ofEach = async (statement, ...values) => {
      for (const model of models) await owner.query(statement, [model, ...values]);
    };
    const assertShown = async (property, column) => {
      const { rows } = await admin.query(`
        SELECT schema, view, attname AS name FROM nextauth.adapters CROSS JOIN unnest(views) AS view LEFT JOIN pg_attribute
            ON attrelid = format('%I.%I', schema, view)::regclass AND attname ~ '^(note|theirRemark|their_remark)$'`);
      assert.deepEqual(rows, rows.map(({ schema, view }) => ({ schema, view, name: snakeCase.includes(schema) ? column : property })));
    };
    const definition = (type) => JSON.stringify({ note: { type, nullable: true } });

    await t.test("added", async () => {
      await ofEach("SELECT nextauth.extend_model($1, $2)", definition("varchar"));
      await assertShown("note", "note");
    });
    await t.test("altered", async () => {
      await ofEach("SELECT nextauth.extend_model($1, $2)", definition("text"));
      await assertShown("note", "note");
    });
    await t.test("renamed", async () => {
      await ofEach("SELECT nextauth.rename_property($1, 'note', 'theirRemark')");
      await assertShown("theirRemark", "their_remark");
    });
    await t.test("dropped", async () => {
      await ofEach("SELECT nextauth.drop_properties($1, 'theirRemark')");
      await assertShown(null, null);
    });
  }, { idType: "text", adapters: [...adapters.map(({ name }) => name), "better-auth"] }));
