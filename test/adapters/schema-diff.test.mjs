// An adapter sees no difference: TypeORM's own schema diff is empty before and after every extend_model, and the columns are those
// that TypeORM itself would have made.
import assert from "node:assert/strict";
import test from "node:test";
import { cases, json } from "./helpers/column-cases.mjs";
import { withDatabase } from "./helpers/database.mjs";
import { readSchemas } from "./helpers/models.mjs";
import { columnsOf, createByTypeORM, indexesOf, tables } from "./helpers/tables.mjs";
import { handWritten, inJavaScript, schemaDiff, throughAdapter, withTypeORM } from "./helpers/typeorm.mjs";

const everyAdapter = ["pg", "neon", "supabase", "prisma", "kysely", "drizzle", "typeorm", "sequelize", "mikro-orm", "better-auth"];

test("a fresh install", (t) =>
  withDatabase(async ({ admin, app, superuser }) => {
    const diff = (config) => withTypeORM(app, config, schemaDiff);
    const schemas = await readSchemas(admin);

    await t.test("shows no difference to the adapter's own models", async () => {
      assert.deepEqual(await diff({ ...throughAdapter(handWritten()), schema: "nextauth" }), []);
    });
    await t.test("shows no difference to the catalog's models", async () => {
      assert.deepEqual(await diff({ schemas: Object.values(schemas) }), []);
    });
    await t.test("shows no difference to the catalog's models in the adapter", async () => {
      assert.deepEqual(await diff(throughAdapter(schemas)), []);
    });
    await t.test("has the tables that TypeORM makes", async () => {
      await createByTypeORM(admin, superuser, handWritten());
      for (const table of Object.values(tables)) {
        const [ours, theirs] = [await columnsOf(admin, "nextauth", table), await columnsOf(admin, "typeorm", table)];
        assert.deepEqual(ours, theirs);
        assert.deepEqual(ours.map(({ name }) => name), theirs.map(({ name }) => name));
        assert.deepEqual(await indexesOf(admin, "nextauth", table), await indexesOf(admin, "typeorm", table));
      }
    });
  }));

for (const idType of ["bigint", "uuid", "text"]) {
  test(`a fresh install with ids of type ${idType}`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      const diffs = async () => {
        const schemas = await readSchemas(admin);
        return {
          catalog: await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff),
          adapter: await withTypeORM(app, throughAdapter(schemas), schemaDiff),
        };
      };
      await t.test("shows no difference to the catalog's models", async () => {
        assert.deepEqual(await diffs(), { catalog: [], adapter: [] });
      });
      await t.test("nor after columns that refer to them", async () => {
        const managerId = { type: idType, nullable: true, foreignKey: { target: "User", onDelete: "CASCADE" } };
        await owner.query("SELECT nextauth.extend_models($1)", [JSON.stringify({
          User: { columns: { managerId } }, Account: { columns: { managerId, sessionId: { ...managerId, foreignKey: { target: "Session" } } } },
        })]);
        assert.deepEqual(await diffs(), { catalog: [], adapter: [] });
      });
      await t.test("nor after they are restated", async () => {
        const { id } = (await admin.query("SELECT nextauth.entity_schema('User') -> 'columns' -> 'id' AS id")).rows[0];
        const { rows } = await owner.query("SELECT action FROM nextauth.extend_model('User', $1)", [JSON.stringify({ id })]);
        assert.deepEqual(rows, [{ action: "unchanged" }]);
      });
    }, { idType }));
}

const uuid = "gen_random_uuid()";
const ownIds = {
  text: [`'usr_' || ${uuid}`, `upper(replace(${uuid}::text, '-', ''))`, "app.new_id('it''s')", `left(${uuid}::text, 20)`],
  uuid: ["app.new_uuid()"],
  integer: ["app.next_number()::int"],
};
for (const [idType, expressions] of Object.entries(ownIds)) {
  test(`ids of type ${idType} with a default of one's own`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      await admin.query(`
        CREATE SCHEMA app;
        GRANT USAGE ON SCHEMA app TO PUBLIC;
        CREATE SEQUENCE app.numbers;
        CREATE FUNCTION app.next_number() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('app.numbers') $$;
        CREATE FUNCTION app.new_id(kind text) RETURNS text LANGUAGE sql AS $$ SELECT kind || gen_random_uuid() $$;
        CREATE FUNCTION app.new_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT gen_random_uuid() $$`);
      const { rows: [{ version }] } = await admin.query("SELECT current_setting('server_version_num')::int AS version");
      const all = [...expressions, ...(idType === "uuid" && version >= 180000 ? ["uuidv7()"] : [])];
      for (const definition of [...all.map((defaultExpression) => ({ defaultExpression })), { default: null }]) {
        await t.test(JSON.stringify(definition), async () => {
          const type = idType === "integer" ? "int" : idType;
          const extend = async () => (await owner.query("SELECT action FROM nextauth.extend_model('User', $1)",
            [JSON.stringify({ id: { type, ...definition } })])).rows;
          assert.deepEqual(await extend(), [{ action: "altered" }]);
          assert.deepEqual(await extend(), [{ action: "unchanged" }]);
          const schemas = await readSchemas(admin);
          assert.deepEqual(await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff), []);
          assert.deepEqual(await withTypeORM(app, throughAdapter(schemas), schemaDiff), []);
        });
      }
    }, { idType }));
}

test("the tables that other adapters' views show", () =>
  withDatabase(async ({ admin, app }) => {
    const schemas = await readSchemas(admin);
    assert.deepEqual(await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff), []);
    assert.deepEqual(await withTypeORM(app, throughAdapter(schemas), schemaDiff), []);
  }, { idType: "text", adapters: ["pg", "supabase", "prisma", "kysely", "drizzle", "typeorm", "sequelize", "mikro-orm", "better-auth"] }));

// With what refers to them by a foreign key, and with rows that an application goes on with.
for (const [from, to] of [["integer", "bigint"], ["integer", "text"], ["bigint", "text"], ["uuid", "text"], ["text", "uuid"]]) {
  test(`ids that were converted from ${from} to ${to}`, () =>
    withDatabase(async ({ admin, owner, app }) => {
      const type = from === "integer" ? "int" : from;
      const managerId = { type, nullable: true, foreignKey: { target: "User", onDelete: "CASCADE" } };
      const inviterId = { ...managerId, default: ["uuid", "text"].includes(from) ? "00000000-0000-4000-8000-000000000000" : 1 };
      await owner.query("SELECT nextauth.extend_models($1)", [JSON.stringify({
        User: { columns: { managerId, inviterId }, indices: [{ columns: ["managerId", "name"] }] }, Account: { columns: { managerId } },
      })]);
      await owner.query("SELECT nextauth.convert_ids($1)", [to]);
      const schemas = await readSchemas(admin);
      assert.equal(schemas.User.columns.managerId.type, to);
      assert.deepEqual(await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff), []);
      assert.deepEqual(await withTypeORM(app, throughAdapter(schemas), schemaDiff), []);
    }, { idType: from }));
}

// The adapter has no such model, so it is written here as an application would write it.
const authenticator = {
  name: "Authenticator", tableName: "authenticators",
  columns: {
    id: { primary: true, type: "int", generated: true },
    credentialID: { type: "varchar", unique: true },
    userId: { type: "int" },
    providerAccountId: { type: "varchar" },
    credentialPublicKey: { type: "text" },
    counter: { type: "int" },
    credentialDeviceType: { type: "varchar" },
    credentialBackedUp: { type: "boolean" },
    transports: { type: "varchar", nullable: true },
  },
  indices: [{ columns: ["userId"] }],
};

test("the optional model Authenticator, in a table that TypeORM made", () =>
  withDatabase(async ({ admin, app, superuser }) => {
    await withTypeORM(superuser, { ...throughAdapter({ Authenticator: authenticator }), schema: "nextauth" },
      (connection) => connection.synchronize());
    const { rows } = await admin.query("SELECT action FROM nextauth.install() WHERE model = 'Authenticator'");
    assert.deepEqual(rows, [{ action: "adopted" }]);
    await admin.query(`SELECT nextauth.grant_adapter('${app.user}')`);
    const schemas = await readSchemas(admin);
    assert.ok(schemas.Authenticator);
    assert.deepEqual(await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff), []);
    assert.deepEqual(await withTypeORM(app, throughAdapter(schemas), schemaDiff), []);
    assert.deepEqual(await indexesOf(admin, "nextauth", "authenticators"), [
      { name: "IDX_79111b083a20c575bdd813f3b6", definition: 'CREATE INDEX "IDX_79111b083a20c575bdd813f3b6" ON authenticators USING btree (user_id)' },
      { name: "PK_1f524613bc876f10f9ba8b0f394", definition: 'CREATE UNIQUE INDEX "PK_1f524613bc876f10f9ba8b0f394" ON authenticators USING btree (id)' },
      { name: "UQ_4a606bcad68063eecff5cff4c84", definition: 'CREATE UNIQUE INDEX "UQ_4a606bcad68063eecff5cff4c84" ON authenticators USING btree (credential_id)' },
    ]);
  }));

test("every kind of column", (t) =>
  withDatabase(async ({ admin, owner, superuser }) => {
    for (const extension of ["citext", "cube", "hstore", "ltree"]) await admin.query(`CREATE EXTENSION ${extension} SCHEMA public`);

    // Everything first, one diff for all of it after: a query of the diff names the column that it is about.
    const extend = async ({ property, options }) => {
      const columns = { [property]: options };
      const models = Object.fromEntries(Object.keys(tables).map((model) => [model, { columns }]));
      return (await owner.query("SELECT * FROM nextauth.extend_models($1)", [json(models)])).rows;
    };
    const extended = [];
    for (const c of cases) extended.push(await extend(c).catch((error) => error));

    const comparable = cases.filter(({ unlike }) => !unlike);
    const own = handWritten(Object.fromEntries(comparable.map((c) => [c.property, inJavaScript(c.options)])));
    await createByTypeORM(admin, superuser, own);

    const columns = {};
    for (const schema of ["nextauth", "typeorm"]) {
      columns[schema] = [];
      for (const table of Object.values(tables)) {
        for (const column of await columnsOf(admin, schema, table)) columns[schema].push({ table, ...column });
      }
    }
    const schemas = await readSchemas(admin);
    const diffs = {
      catalog: await withTypeORM(superuser, { schemas: Object.values(schemas) }, schemaDiff),
      adapter: await withTypeORM(superuser, throughAdapter(schemas), schemaDiff),
    };
    for (const schema of ["nextauth", "typeorm"]) {
      diffs[schema] = await withTypeORM(superuser, { ...throughAdapter(own), schema }, schemaDiff);
    }

    for (const [i, c] of cases.entries()) {
      await t.test(c.title, async () => {
        if (extended[i] instanceof Error) throw extended[i];
        const everywhere = (action) => Object.keys(tables).map((model) => `${model} ${c.property} ${c.column} ${action}`).sort();
        const summary = (rows) => rows.map((row) => `${row.model} ${row.property} ${row.column_name} ${row.action}`).sort();
        assert.deepEqual(summary(extended[i]), everywhere("added"));
        assert.deepEqual(summary(await extend(c)), everywhere("unchanged"));

        for (const models of ["catalog", "adapter"]) {
          const queries = diffs[models].filter((query) => isAbout(c, query));
          if (c.perpetual) assert.notDeepEqual(queries, [], `cured, so the mark can go: ${c.perpetual}`);
          else assert.deepEqual(queries, [], `what TypeORM would run, given the models from the ${models}`);
        }
        if (!c.unlike) {
          const of = (schema) => columns[schema].filter(({ name }) => name === c.column);
          assert.equal(of("nextauth").length, Object.keys(tables).length);
          assert.deepEqual(of("nextauth"), of("typeorm"));

          // A team that keeps its own schema object sees on our tables what it sees on its own: mostly nothing.
          const queries = (schema) => diffs[schema].filter((query) => isAbout(c, query)).map((q) => q.replaceAll(`"${schema}".`, ""));
          assert.deepEqual(queries("nextauth"), queries("typeorm"));
        }
      });
    }

    await t.test("no other difference", () => {
      for (const [models, queries] of Object.entries(diffs)) {
        assert.deepEqual(queries.filter((query) => !cases.some((c) => isAbout(c, query))), [], models);
      }
    });
  }));

for (const [idType, adapters] of [["text", everyAdapter], ["integer", ["pg", "neon"]]]) {
  test(`what adapters need, with ids of type ${idType}`, () =>
    withDatabase(async ({ admin, app }) => {
      for (const adapter of adapters) await admin.query("SELECT nextauth.add_adapter($1)", [adapter]);
      await admin.query("SELECT nextauth.grant_adapter($1)", [app.user]);
      const schemas = await readSchemas(admin);
      assert.equal(schemas.Account.columns.expiresAt.type, "int");
      assert.equal("relations" in schemas.Session, idType === "text");
      assert.deepEqual(await withTypeORM(app, { schemas: Object.values(schemas) }, schemaDiff), []);
      assert.deepEqual(await withTypeORM(app, throughAdapter(schemas), schemaDiff), []);
    }, { idType }));
}

test("what a DBA changes by hand is described as it is", () =>
  withDatabase(async ({ admin, app }) => {
    await admin.query(`
      CREATE INDEX users_name ON nextauth.users (name);
      CREATE INDEX users_names ON nextauth.users (name, image);
      CREATE INDEX users_twice ON nextauth.users (name, image, name);
      CREATE UNIQUE INDEX users_image ON nextauth.users (image) WHERE image IS NOT NULL;
      CREATE UNIQUE INDEX users_lower_email ON nextauth.users (lower(email));
      CREATE INDEX users_name_lower_email ON nextauth.users (name, lower(email)) INCLUDE (image);
      ALTER TABLE nextauth.users ADD CONSTRAINT users_one_name EXCLUDE (name WITH =);
      ALTER TABLE nextauth.users ADD CONSTRAINT users_one_host EXCLUDE (split_part(email, '@', 2) WITH =) WHERE (image = 'host');
      ALTER TABLE nextauth.users ADD CONSTRAINT users_name_email UNIQUE (name, email);
      ALTER TABLE nextauth.users ADD CONSTRAINT users_image_check CHECK (image <> 'it''s ''none''');
      ALTER TABLE nextauth.users ALTER image SET DEFAULT 'it''s', ALTER name SET NOT NULL;
      COMMENT ON COLUMN nextauth.users.email IS 'it''s "the" address';
      SELECT nextauth.extend_model('User', '{"nickName": {"type": "varchar"}}');
      ALTER TABLE nextauth.users ALTER nick_name TYPE varchar(40), ALTER nick_name DROP NOT NULL;
      ALTER TABLE nextauth.users ALTER nick_name SET DEFAULT lower('X');
    `);
    assert.deepEqual(await withTypeORM(app, { schemas: Object.values(await readSchemas(admin)) }, schemaDiff), []);
  }));

test("a table that was renamed or moved", (t) =>
  withDatabase(async ({ admin, app }) => {
    const diff = async () => withTypeORM(app, { schemas: Object.values(await readSchemas(admin)) }, schemaDiff);
    await admin.query(`SELECT nextauth.extend_model('User', '${json({
      number: { type: "int", generated: "increment", unique: true },
      row: { type: "int", generated: "identity" },
    })}', '{"indices": [{"columns": ["number", "name"]}], "checks": [{"expression": "number > 0"}]}')`);
    await admin.query(`CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO ${app.user}`);
    for (const alteration of ["RENAME TO people", "RENAME TO \"Our People\"", "SET SCHEMA auth"]) {
      await t.test(alteration, async () => {
        const [{ relation }] = (await admin.query("SELECT relation FROM nextauth.models WHERE model = 'User'")).rows;
        await admin.query(`ALTER TABLE ${relation} ${alteration}`);
        assert.deepEqual(await diff(), []);
      });
    }
  }));

// It has the name that TypeORM gives it then, and no difference any more.
test("a foreign key of another name is made anew by TypeORM, and not lost", () =>
  withDatabase(async ({ admin, superuser }) => {
    await admin.query(`ALTER TABLE nextauth.sessions ADD CONSTRAINT by_hand FOREIGN KEY (user_id) REFERENCES nextauth.users ON DELETE CASCADE`);
    const models = async () => ({ schemas: Object.values(await readSchemas(admin)) });
    const queries = await withTypeORM(superuser, await models(), schemaDiff);
    assert.deepEqual(queries.map((query) => query.match(/(DROP|ADD) CONSTRAINT "(by_hand|FK_)/)?.[0]),
      ['DROP CONSTRAINT "by_hand', 'ADD CONSTRAINT "FK_']);

    await withTypeORM(superuser, await models(), (connection) => connection.synchronize());
    const { rows } = await admin.query(`
      SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'nextauth.sessions'::regclass AND contype = 'f'`);
    assert.deepEqual(rows, [{ key: "FOREIGN KEY (user_id) REFERENCES nextauth.users(id) ON DELETE CASCADE" }]);
    assert.deepEqual(await withTypeORM(superuser, await models(), schemaDiff), []);
  }));

const isAbout = ({ property }, query) => new RegExp(`(?<![A-Za-z0-9])${property}(?![0-9])`, "i").test(query);
