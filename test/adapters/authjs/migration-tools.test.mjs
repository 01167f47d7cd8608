// The tools that write an application's migrations, beside what describe_model() prints: a table of the application's own refers to
// nextauth.users, and nothing of the extension's is made, altered or dropped, as its owner, who could.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { promisify } from "node:util";
import { connect, withDatabase } from "../helpers/database.mjs";
import { describe, load, open, withFiles } from "./helpers/declarations.mjs";

const run = promisify(execFile);
const definitions = { role: { enum: ["user", "admin"], default: "user" }, score: { type: "int", default: 0, unique: true } };
const keyToUsers = /^FOREIGN KEY \("?\w+"?\) REFERENCES nextauth\.users\(id\) (.* )?ON DELETE CASCADE/;

/** Every relation, column, constraint, index, type, function and schema, but for what is in "public". */
const everything = async (db) => (await db.query(`
  SELECT 'relation', c.oid, pg_describe_object('pg_class'::regclass, c.oid, 0), relowner, relkind::text, reloptions::text, relacl::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ~ '^nextauth'
  UNION ALL SELECT 'column', attrelid, attname, atttypid, attnotnull::text, pg_get_expr(adbin, adrelid), attacl::text
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ~ '^nextauth')
  UNION ALL SELECT 'constraint', c.oid, conname, conrelid, pg_get_constraintdef(c.oid), NULL, NULL
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname ~ '^nextauth'
  UNION ALL SELECT 'type', t.oid, typname, typowner, NULL, NULL, NULL FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname ~ '^nextauth'
  UNION ALL SELECT 'schema', oid, nspname, nspowner, NULL, NULL, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_'
  ORDER BY 1, 2, 3`)).rows;

const tablesOf = async (db, schema) =>
  (await db.query("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'v') ORDER BY 1", [schema])).rows.map((row) => row.relname);

const keysOf = async (db, table) =>
  (await db.query("SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'f'", [table])).rows.map((row) => row.key);

/** A database with the adapters of these tools, where the owner of the tables may make some in "public" and nothing else changes. */
const beside = (adapters, use) =>
  withDatabase(async (databases) => {
    const { admin, owner, superuser } = databases;
    await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${owner.user}; GRANT USAGE ON SCHEMA public TO ${databases.app.user};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.user} IN SCHEMA public GRANT ALL ON TABLES TO ${databases.app.user};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.user} IN SCHEMA public GRANT ALL ON SEQUENCES TO ${databases.app.user}`);
    await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
    await admin.query("SELECT nextauth.grant_adapter($1)", [databases.app.user]);
    const before = await everything(admin);
    await use({ ...databases, role: { ...superuser, user: owner.user } });
    assert.deepEqual(await everything(admin), before);
  }, { idType: "text", adapters });

const command = (path) => (directory, ...args) =>
  run(process.execPath, [fileURLToPath(new URL(`node_modules/${path}`, import.meta.url)), ...args], { cwd: directory });

const drizzleKit = command("drizzle-kit/bin.cjs");

/** The application's own table, which refers to a user. */
const posts = `
  import { integer, pgTable, text } from "drizzle-orm/pg-core"
  import { nextauth } from "./auth"
  export const posts = pgTable("posts", {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    title: text("title").notNull(),
    authorId: text("author_id").notNull().references(() => nextauth.users.id, { onDelete: "cascade" }),
  })`;

const drizzleConfig = ({ host, user, database }, options) => `export default ${JSON.stringify({
  dialect: "postgresql", out: "./migrations", dbCredentials: { host, user, database, ssl: false }, ...options,
})}`;

const drizzleApplications = {
  "imported by the application's schema": { schema: ["./schema.ts"] },
  "listed in the configuration": { schema: ["./schema.ts", "./auth.ts"] },
};

for (const [name, options] of Object.entries(drizzleApplications)) {
  test(`drizzle-kit, with the printed file ${name}`, () =>
    beside(["drizzle"], async ({ admin, owner, app, role }) => {
      const text = await describe(owner, "drizzle");
      const files = {
        "auth.ts": text, "schema.ts": `${posts}\nexport * from "./auth"`,
        "drizzle.config.ts": drizzleConfig(role, options), "pull.config.ts": drizzleConfig(role, { out: "./pulled" }),
      };
      await withFiles(files, async (directory) => {
        const migrations = async () => (await readdir(join(directory, "migrations"))).filter((file) => file.endsWith(".sql"));

        await drizzleKit(directory, "generate");
        const [first] = await migrations();
        const script = await readFile(join(directory, "migrations", first), "utf8");
        assert.deepEqual(script.match(/^(CREATE|ALTER|DROP) \w+ \S+/gm), [`CREATE TABLE "posts"`, `ALTER TABLE "posts"`]);
        await drizzleKit(directory, "generate");
        assert.deepEqual(await migrations(), [first]);

        await drizzleKit(directory, "push", "--force");
        assert.deepEqual(await tablesOf(admin, "public"), ["posts"]);
        const [key] = await keysOf(admin, "posts");
        assert.match(key, keyToUsers);
        assert.match((await drizzleKit(directory, "push", "--force")).stdout, /No changes detected/);

        await drizzleKit(directory, "pull", "--config", "pull.config.ts");
        const pulled = await readFile(join(directory, "pulled", "schema.ts"), "utf8");
        assert.deepEqual(pulled.match(/pg(Table|Schema|View|Enum)\(.*?[,)]/g), [`pgTable("posts",`]);
      });

      // Somebody who signs up writes a post, and both go together.
      const { adapter, close } = await open.drizzle(app, text);
      const user = await adapter.createUser({ email: "ada@example.com", emailVerified: null });
      const client = await connect(app);
      await client.query("INSERT INTO posts (title, author_id) VALUES ('Notes', $1)", [user.id]);
      await adapter.deleteUser(user.id);
      assert.deepEqual((await client.query("SELECT * FROM posts")).rows, []);
      await client.end();
      await close();
    }));
}

test("drizzle-kit, where the tables and views are in \"public\"", () =>
  withDatabase(async ({ admin, owner, superuser }) => {
    await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${owner.user}`);
    for (const table of ["users", "accounts", "sessions", "verification_requests"]) await owner.query(`ALTER TABLE nextauth.${table} SET SCHEMA public`);
    await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
    await owner.query("SELECT nextauth.add_adapter('drizzle', 'public')");
    const text = await describe(owner, "drizzle");
    const options = { schema: ["./schema.ts", "./auth.ts"], tablesFilter: JSON.parse(/tablesFilter: (\[.*\])/.exec(text)[1]) };
    const files = { "auth.ts": text, "schema.ts": posts, "drizzle.config.ts": drizzleConfig({ ...superuser, user: owner.user }, options) };
    const before = await tablesOf(admin, "public");
    await withFiles(files, async (directory) => {
      await drizzleKit(directory, "push", "--force");
      assert.deepEqual(await tablesOf(admin, "public"), [...before, "posts"].sort());
      assert.match((await keysOf(admin, "posts"))[0], /REFERENCES users\(id\)/);
      assert.match((await drizzleKit(directory, "push", "--force")).stdout, /No changes detected/);
    });
  }, { idType: "text" }));

const typeorm = command("typeorm/cli.js");

test("TypeORM's migrations", () =>
  beside(["typeorm"], async ({ admin, owner, app, role: { user: username, host, database } }) => {
    const text = await describe(owner, "typeorm");
    const files = {
      "auth.js": text,
      "source.js": `
        import { DataSource, EntitySchema } from "typeorm"
        import * as auth from "./auth.js"
        const Post = new EntitySchema({
          name: "Post", tableName: "posts",
          columns: {
            id: { type: "int", primary: true, generated: true },
            title: { type: "text" },
            authorId: { type: "text", name: "author_id", foreignKey: { target: "UsersTable", onDelete: "CASCADE" } },
          },
          relations: { author: { type: "many-to-one", target: "UserEntity", joinColumn: { name: "author_id" }, createForeignKeyConstraints: false } },
        })
        export default new DataSource({
          type: "postgres", ...${JSON.stringify({ host, username, database })}, entities: [...Object.values(auth), Post], migrations: ["*-posts.js"],
        })`,
    };
    await withFiles(files, async (directory) => {
      const generate = () => typeorm(directory, "migration:generate", "-d", "source.js", "-o", "--esm", "posts");
      await generate();
      const [migration] = (await readdir(directory)).filter((file) => file.endsWith("-posts.js"));
      const up = /async up\([^]*?\n    }/.exec(await readFile(join(directory, migration), "utf8"))[0];
      assert.deepEqual(up.match(/(CREATE|ALTER|DROP) \w+ \S+/g), [`CREATE TABLE "posts"`, `ALTER TABLE "posts"`]);
      await typeorm(directory, "migration:run", "-d", "source.js");
      assert.match((await keysOf(admin, "posts"))[0], keyToUsers);
      await assert.rejects(generate(), ({ stdout, stderr }) => /No changes in database schema were found/.test(stdout + stderr));
      // Not even this makes anything of them.
      await typeorm(directory, "schema:sync", "-d", "source.js");
    });

    const { adapter, close } = await open.typeorm(app, text);
    const user = await adapter.createUser({ email: "ada@example.com", emailVerified: null });
    await owner.query("INSERT INTO posts (title, author_id) VALUES ('Notes', $1)", [user.id]);
    await close();
  }));

const prismaTests = { skip: Number(process.versions.node.split(".")[0]) < 20 && "Prisma 7 needs Node.js 20" };

test("Prisma Migrate", prismaTests, () =>
  beside(["prisma"], async ({ admin, owner, app, role }) => {
    const { prismaMigrate } = await import("./helpers/prisma-engine.mjs");
    const text = await describe(owner, "prisma");
    const schemas = JSON.parse(/schemas = (\[.*\])/.exec(text)[1]);
    const lines = /prisma\.config\.ts.*\n((?:\/\/   .*\n)*)/.exec(text)[1].replaceAll("//", "");
    const { default: config } = await load(`export default {\n${lines}}`);
    assert.equal(config.experimental.externalTables, true);
    const schema = `
      datasource db {
        provider = "postgresql"
        schemas  = ${JSON.stringify(["public", ...schemas])}
      }
      ${text.replace(/^model NextauthUsers {/m, "$&\n  posts Post[]")}
      model Post {
        id       Int           @id @default(autoincrement())
        title    String
        authorId String
        author   NextauthUsers @relation(fields: [authorId], references: [id], onDelete: Cascade)

        @@schema("public")
      }`;
    const root = await connect();
    const planned = (script) => script.match(/^(CREATE|ALTER|DROP) \w+ \S+/gm);
    const own = [`CREATE TABLE "public"."Post"`, `ALTER TABLE "public"."Post"`];
    const migrate = await prismaMigrate({ role, root, schema, config });
    try {
      const script = await migrate.fromMigrations();
      assert.deepEqual(planned(script).map((line) => line.replace(`TABLE "Post"`, `TABLE "public"."Post"`)), own);
      assert.equal(planned(await migrate.fromMigrations(script)), null);
      assert.deepEqual(await migrate.push(), { executedSteps: 2, unexecutable: [], warnings: [] });
      assert.match((await keysOf(admin, `"Post"`))[0], keyToUsers);
      assert.deepEqual(await migrate.push(), { executedSteps: 0, unexecutable: [], warnings: [] });
      assert.equal(planned(await migrate.fromDatabase()), null);
    } finally {
      await migrate.close();
      await root.end();
    }

    const { adapter, close } = await open.prisma(app, text);
    const user = await adapter.createUser({ email: "ada@example.com", emailVerified: null });
    await owner.query(`INSERT INTO "Post" (title, "authorId") VALUES ('Notes', $1)`, [user.id]);
    await close();
  }));

test("Prisma Migrate with calls in its migrations, each CALL alone in its file", prismaTests, () =>
  withDatabase(async ({ admin, owner, superuser }) => {
    const { prismaMigrate } = await import("./helpers/prisma-engine.mjs");
    await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${owner.user}`);
    const schema = `
      datasource db {
        provider = "postgresql"
      }`;
    const call = "CALL nextauth.extend_model_online('User', '{}', '{\"indices\": [{\"columns\": [\"locale\"]}]}');";
    const column = `SELECT nextauth.extend_model('User', '{"locale": {"type": "varchar", "nullable": true}}');`;
    const root = await connect();
    const config = { migrations: { initShadowDb: "CREATE EXTENSION nextauth" } };
    const migrate = await prismaMigrate({ role: { ...superuser, user: owner.user }, root, schema, config });
    try {
      assert.match(await migrate.fromMigrations(column, call), /empty migration/);
      await assert.rejects(migrate.deploy(column, call, `SELECT 1; ${call}`), /migration_name="2"/);
      const { rows } = await admin.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'nextauth' AND indexdef ~ 'locale'");
      assert.equal(rows.length, 1);
    } finally {
      await migrate.close();
      await root.end();
    }
  }, { idType: "text" }));
