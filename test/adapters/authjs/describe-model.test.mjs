// What describe_model() prints compiles as it is, and adapters that are given it read and write the team's own columns.
import assert from "node:assert/strict";
import test from "node:test";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { setCookies } from "./helpers/cookies.mjs";
import { compile, describe, open } from "./helpers/declarations.mjs";
import { exerciseAll } from "./helpers/suite.mjs";
import * as every from "./helpers/values.mjs";

const formats = Object.keys(open);
const traits = Object.fromEntries(formats.map((name) => [name, adapters.find((adapter) => adapter.name === name) ?? {}]));

/** Names, comments, labels and defaults that nobody expects. */
const odd = [
  { property: "Owner's Nick Name", name: "nick", type: "varchar", nullable: true, comment: "not */ the /* end\n`${of}` \"it\"" },
  { property: "2fa", name: "second_factor", type: "boolean", default: false, input: true },
  { property: "größe", type: "varchar", length: 40, default: "it's `${1}` \\ \"2\"\n" },
  { property: "class", enum: ["first class", "it's", "\"", "2"], default: "it's" },
  { property: "accounts", name: "number_of_accounts", type: "int", nullable: true, default: 7 },
  { property: "score", type: "bigint", default: 0 },
  { property: "tags", type: "text", array: true, default: ["a", "b"] },
  { property: "settings", type: "jsonb", default: { theme: "dark" } },
  { property: "secret", type: "text", nullable: true, select: false },
  { property: "seenAt", type: "timestamptz", updateDate: true },
  { property: "token", generated: "uuid" },
  { property: "serial", type: "int", generated: "increment" },
  { property: "domain", type: "text", nullable: true, asExpression: "split_part(email, '@', 2)", generatedType: "STORED" },
];

/** Names that end a string, a comment or a statement somewhere, or mean something to a library. */
const hostile = [
  "x'] = globalThis.pwned = 1; ret['y", 'x"] = globalThis.pwned = 1; ret["y', "`${globalThis.pwned = 1}`", "${globalThis.pwned = 1}",
  "*/ globalThis.pwned = 1 /*", "x\nglobalThis.pwned = 1", "\\", '"', "'", "?", ":x", "$1", "(x)", "[x]", "a.b", "a b", " x ", "%s",
  "__proto__", "constructor", "toString", "user", "accounts", "dataValues", "toJSON", "select", "日本語", "😀",
];

const withExtensions = (use, options) =>
  withDatabase(async (databases) => {
    await databases.admin.query("SET timezone = 'UTC'");
    await databases.admin.query("CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION cube; CREATE EXTENSION ltree");
    const extend = (columns) => databases.owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(columns)]);
    await use({ ...databases, extend });
  }, { idType: "text", ...options });

/** Runs a test for each format's adapter, with what is printed for it. */
async function forEach(t, { owner, app }, use) {
  for (const name of formats) {
    await t.test(name, { skip: traits[name].skip }, async (t) => {
      const { close, ...opened } = await open[name](app, await describe(owner, name));
      try {
        await use(t, name, opened);
      } finally {
        await close();
      }
    });
  }
}

const uses = {
  kysely: `
    import { KyselyAdapter } from "@auth/kysely-adapter"
    import type { Kysely, Selectable } from "kysely"
    import type { Database } from "./kysely.js"
    export const adapter = (db: Kysely<Database>) => KyselyAdapter(db as Kysely<any>)
    export const insert = (db: Kysely<Database>) => db.insertInto("User").values({ email: "", bigint: 1n, words: ["read"] })
    export const value = (user: Selectable<Database["User"]>): string | null => user.bigint
    // @ts-expect-error
    export const refused = (user: Selectable<Database["User"]>): string | null => user.integer`,
  drizzle: `
    import { DrizzleAdapter } from "@auth/drizzle-adapter"
    import { drizzle } from "drizzle-orm/node-postgres"
    import { integer, pgTable, text } from "drizzle-orm/pg-core"
    import { authTables, nextauth } from "./drizzle.js"
    export const adapter = DrizzleAdapter(drizzle("postgres://"), authTables)
    export const posts = pgTable("posts", { id: integer("id").primaryKey(), authorId: text("author_id").references(() => nextauth.users.id) })
    type User = typeof authTables.usersTable.$inferSelect
    export const value = (user: User): bigint | null => user.bigint
    export const custom = (user: User): string | null => user.ltree
    // @ts-expect-error
    export const refused = (user: User): string | null => user.integer`,
  typescript: `
    import type { Session, User } from "next-auth"
    import type { AdapterUser } from "@auth/core/adapters"
    export const value = (user: AdapterUser): number | null => user.integer
    export const partial = (user: User): number | null | undefined => user.integer
    export const inSession = (session: Session): Date | null | undefined => session.user?.date
    // @ts-expect-error
    export const refused = (user: AdapterUser): string | null => user.integer`,
  "better-auth": `
    import { betterAuth } from "better-auth"
    import { models } from "./better-auth.js"
    const auth = betterAuth({ ...models })
    export const value = (user: typeof auth.$Infer.Session.user): number | null | undefined => user.integer
    // @ts-expect-error
    export const refused = (user: typeof auth.$Infer.Session.user): string | null | undefined => user.integer`,
};

test("what is printed compiles", () =>
  withExtensions(async ({ owner, extend }) => {
    await extend(every.definitions);
    await extend([...odd, { property: "__proto__", type: "int", default: 1 }, { property: 'say "hi"', name: "hi", type: "int", nullable: true }]);
    const files = {};
    for (const [format, text] of Object.entries(uses)) {
      files[`${format}.${format === "typescript" ? "d.ts" : "ts"}`] = await describe(owner, format);
      files[`use-${format}.ts`] = text;
    }
    assert.deepEqual(await compile(files), []);
  }));

test("each model compiles by itself", () =>
  withExtensions(async ({ owner }) => {
    const files = {};
    for (const format of ["drizzle", "kysely"]) {
      for (const model of ["User", "Account", "Session", "VerificationRequest", ...(format === "drizzle" ? ["Authenticator"] : [])]) {
        files[`${format}-${model}.ts`] = await describe(owner, format, model);
      }
    }
    assert.deepEqual(await compile(files), []);
  }));

test("JSON Schemas hold for the rows that they describe", () =>
  withExtensions(async ({ admin, owner, extend }) => {
    await extend([...every.definitions, ...odd]);
    const ajv = addFormats(new Ajv({ strict: true, allowUnionTypes: true }));
    const validate = ajv.compile(JSON.parse(await describe(owner, "json-schema", "User")));
    const row = async () => (await admin.query(`
      SELECT jsonb_object_agg(c.property, to_jsonb(u) -> c.column_name) AS row
        FROM nextauth.users u, nextauth.model_columns c WHERE c.model = 'User'`)).rows[0].row;

    await admin.query("INSERT INTO nextauth.users (email) VALUES ('ada@example.com')");
    assert.ok(validate(await row()), ajv.errorsText(validate.errors));
    for (const [property, { text }] of Object.entries(every.values)) {
      await admin.query(`
        UPDATE nextauth.users SET ${(await admin.query(`
          SELECT format('%I = %L', column_name, $2::text) AS assignment FROM nextauth.model_columns WHERE property = $1 AND model = 'User'`,
          [property, text ?? "2020-02-29 12:00:00.123"])).rows[0].assignment}`);
    }
    const filled = await row();
    assert.ok(validate(filled), ajv.errorsText(validate.errors));
    for (const [property, value] of Object.entries({ integer: "42", smallint: 40000, varchar: "a".repeat(21), uuid: "no uuid", enum: "bad", timestamptz: "no time", texts: [1] })) {
      assert.ok(!validate({ ...filled, [property]: value }), property);
    }
    assert.ok(!validate({ ...filled, unknown: 1 }));

    const all = JSON.parse(await describe(owner, "json-schema"));
    ajv.addSchema(all, "models");
    assert.ok(ajv.validate({ $ref: "models#/$defs/VerificationRequest" }, { identifier: "ada", token: "t", expires: "2020-02-29T12:00:00+00:00" }));
    assert.ok(!ajv.validate({ $ref: "models#/$defs/VerificationRequest" }, { identifier: "ada", token: "t" }));
  }));

/** What each model gets; one is called like a relation. */
const forAll = {
  region: { type: "varchar", default: "eu" }, mood: { enum: ["so so", "good"], default: "good" },
  changedAt: { type: "timestamp", updateDate: true }, user: { type: "int", nullable: true },
};

for (const [idType, nobody] of [["text", "nobody"], ["uuid", "0b5e0b5e-0000-4000-8000-0b5e0b5e0b5e"]]) {
  const declared = formats.filter((name) => traits[name].ids?.includes(idType));

  test(`every method of the adapters, ${idType} ids`, (t) =>
    withExtensions(async ({ admin, owner, app, extend }) => {
      await extend(definitions);
      for (const { model } of (await owner.query("SELECT model FROM nextauth.models")).rows) {
        await owner.query("SELECT nextauth.extend_model($1, $2)", [model, JSON.stringify(forAll)]);
      }
      await exerciseAll(t, declared.map((name) => ({
        ...traits[name], open: async () => open[name](app, await describe(owner, name)),
      })), { app, db: admin, nobody, custom });
    }, { idType, adapters: declared }));
}

test("values of every type", (t) =>
  withExtensions(async (databases) => {
    const { admin, extend } = databases;
    await extend(every.definitions);
    const column = Object.fromEntries((await admin.query("SELECT property, column_name FROM nextauth.model_columns WHERE model = 'User'")).rows
      .map(({ property, column_name }) => [property, column_name]));
    /** Instances of the libraries' classes as what they stand for. */
    const plain = (value) => (value?.constructor?.isDecimal?.(value) ? value.toString()
      : value?.constructor?.name === "PostgresInterval" ? { ...value }
      : Array.isArray(value) ? value.map(plain) : value);

    await forEach(t, databases, async (t, name, { adapter }) => {
      for (const [property, definition] of Object.entries(every.values)) {
        const value = every.valueFor(name, definition);
        if (!value) continue; // the library has no such type
        await t.test(property, async () => {
          const email = `${property.toLowerCase()}@${name}.example`;
          await adapter.createUser({ id: crypto.randomUUID(), email, emailVerified: null, [property]: value.written });
          const { rows: [{ id, text }] } = await admin.query(
            `SELECT id, ${pgQuote(column[property])}::text AS text FROM nextauth.users WHERE email = $1`, [email]);
          if (definition.text !== null) assert.equal(text, definition.text);
          assert.deepEqual(plain((await adapter.getUser(id))[property]), value.read);
        });
      }
    });
  }, { adapters: formats }));

const pgQuote = (name) => `"${name.replaceAll('"', '""')}"`;

test("names that are more than names", (t) =>
  withExtensions(async (databases) => {
    const { admin, extend } = databases;
    await extend(hostile.map((property) => ({ property, type: "varchar", nullable: true, default: property, comment: property })));
    await forEach(t, databases, async (t, name, { adapter }) => {
      const email = `ada@${name}.example`;
      await adapter.createUser({ email, emailVerified: null });
      const { rows: [{ id }] } = await admin.query("SELECT id FROM nextauth.users WHERE email = $1", [email]);
      await adapter.updateUser({ id, name: "Ada" });
      const user = await adapter.getUser(id);
      assert.equal(user.name, "Ada");
      // What a library takes for a name it reads.
      for (const property of ["select", ...(name === "mikro-orm" ? [] : ["a b", "%s", "😀"])]) {
        assert.ok(Object.values(user).includes(property), property);
      }
      assert.equal(globalThis.pwned, undefined);
    });
  }, { adapters: formats }));

test("odd names, labels and defaults", (t) =>
  withExtensions(async (databases) => {
    const { admin, app, extend } = databases;
    await extend(odd);
    // There is a sequence that was not there before.
    await admin.query("SELECT nextauth.grant_adapter($1)", [app.user]);
    await forEach(t, databases, async (t, name, { adapter, auth }) => {
      const identifiers = { "Owner's Nick Name": "Owner_s_Nick_Name", "2fa": "x2fa", größe: "gr_e" };
      const names = {
        ...(["prisma", "mikro-orm"].includes(name) && identifiers),
        ...(["prisma", "typeorm", "sequelize", "mikro-orm"].includes(name) && { accounts: "accounts_" }),
      };
      const label = (text) => (name === "prisma" ? { "it's": "it_s", '"': "x_" }[text] : text);
      const own = (user) => Object.fromEntries(Object.entries(user).map(([property, value]) => [names[property] ?? property, value]));
      const score = (n) => (["prisma", "drizzle"].includes(name) ? BigInt(n) : String(n));
      const email = `ada@${name}.example`;
      const has = async (id, expected) => {
        const user = await adapter.getUser(id);
        assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, user[key]])), expected);
        return user;
      };
      let id;

      await t.test("defaults", async () => {
        await adapter.createUser({ email, emailVerified: null });
        ({ rows: [{ id }] } = await admin.query("SELECT id FROM nextauth.users WHERE email = $1", [email]));
        const { serial, seenAt, token } = await has(id, own({
          "Owner's Nick Name": null, "2fa": false, größe: "it's `${1}` \\ \"2\"\n", class: label("it's"), accounts: 7, score: score(0),
          tags: ["a", "b"], settings: { theme: "dark" }, domain: `${name}.example`,
        }));
        assert.equal(typeof serial, "number");
        assert.ok(seenAt instanceof Date);
        assert.match(token, /^[0-9a-f-]{36}$/);
      });

      await t.test("values", async () => {
        const given = own({ "Owner's Nick Name": "Countess", "2fa": true, größe: "1,5", class: label('"'), accounts: 1, score: score(2), tags: ["c"], settings: { a: 1 } });
        await admin.query("UPDATE nextauth.users SET seen_at = '2001-01-01', secret = 's3cret'");
        await adapter.updateUser({ id, ...given });
        // MikroORM's adapter merges objects.
        const user = await has(id, name === "mikro-orm" ? { ...given, settings: { theme: "dark", a: 1 } } : given);
        // The adapter for Kysely sets nothing by itself.
        if (name !== "kysely") assert.ok(user.seenAt > new Date("2001-01-02"), `${user.seenAt}`);
        const { rows: [row] } = await admin.query("SELECT * FROM nextauth.users WHERE id = $1", [id]);
        assert.deepEqual([row.nick, row.second_factor, row.class, row.secret], ["Countess", true, '"', "s3cret"]);
      });

      await t.test("what is not selected", async () => {
        if (!auth) return assert.equal((await adapter.getUser(id)).secret, undefined);
        const { headers } = await auth.api.signUpEmail({
          body: { email: "eve@example.com", password: "correct horse", name: "Eve", "2fa": true }, returnHeaders: true,
        });
        const cookie = setCookies(headers).map((line) => line.split(";")[0]).join("; ");
        const { user } = await auth.api.getSession({ headers: new Headers({ cookie }) });
        assert.deepEqual([user["2fa"], user.secret], [true, undefined]);
      });
    });
  }, { adapters: formats }));

test("whoever signs up with Better Auth sets what is input, and nothing else", () =>
  withExtensions(async ({ admin, owner, app, extend }) => {
    await extend([
      { property: "role", enum: ["user", "admin"], default: "user" }, { property: "credit", type: "int", nullable: true },
      { property: "phoneNumber", type: "varchar", nullable: true, input: true },
    ]);
    const { auth, close } = await open["better-auth"](app, await describe(owner, "better-auth"));
    const signUp = (email, more) => auth.api.signUpEmail({ body: { email, password: "correct horse", name: "Eve", ...more }, returnHeaders: true });
    const users = async () => (await admin.query("SELECT email, role::text, credit, phone_number FROM nextauth.users ORDER BY email")).rows;
    try {
      const { headers } = await signUp("ada@example.com", { role: "admin", phoneNumber: "1" });
      await assert.rejects(signUp("eve@example.com", { credit: 1000000 }), { status: "BAD_REQUEST" });
      const expected = [{ email: "ada@example.com", role: "user", credit: null, phone_number: "1" }];
      assert.deepEqual(await users(), expected);

      const cookie = setCookies(headers).map((line) => line.split(";")[0]).join("; ");
      for (const body of [{ role: "admin" }, { credit: 1000000 }]) {
        await auth.api.updateUser({ body, headers: new Headers({ cookie }) }).catch(({ status }) => assert.equal(status, "BAD_REQUEST"));
      }
      assert.deepEqual(await users(), expected);
      await auth.api.updateUser({ body: { phoneNumber: "2" }, headers: new Headers({ cookie }) });
      assert.equal((await users())[0].phone_number, "2");
    } finally {
      await close();
    }
  }, { adapters: ["better-auth"] }));

/** Who has which packages, and by which names an application there imports the types. */
const applications = {
  "next-auth 5": { packages: { "next-auth": "next-auth", "@auth/core": "@auth/core" }, types: "next-auth", rows: "@auth/core/adapters" },
  "next-auth 5 with a strict package manager": { packages: { "next-auth": "next-auth" }, types: "next-auth", rows: "next-auth/adapters" },
  "next-auth 4": { packages: { "next-auth": "next-auth-4" }, types: "next-auth", rows: "next-auth/adapters" },
  "@auth/core alone": { packages: { "@auth/core": "@auth/core" }, types: "@auth/core/types", rows: "@auth/core/adapters" },
  "nothing of these": { packages: {} },
};

for (const [name, { packages, types, rows }] of Object.entries(applications)) {
  test(`what is printed as TypeScript compiles with ${name}`, () =>
    withExtensions(async ({ owner, extend }) => {
      await extend([{ property: "role", enum: ["user", "admin"], default: "user" }, { property: "phoneNumber", type: "varchar", nullable: true }]);
      const account = JSON.stringify({ plan: { type: "int", nullable: true } });
      await owner.query("SELECT nextauth.extend_model('Account', $1)", [account]);
      const text = await describe(owner, "typescript");
      const use = `
        import type { Account, User } from "${types}"
        import type { AdapterAccount, AdapterUser } from "${rows}"
        export const of = (user: User): "user" | "admin" | undefined => user.role
        export const ofRow = (user: AdapterUser): ["user" | "admin", string | null] => [user.role, user.phoneNumber]
        export const plan = (account: Account, row: AdapterAccount): [number | null | undefined, number | null] => [account.plan, row.plan]
        // @ts-expect-error
        export const refused = (user: User): number => user.role`;
      // As a declaration, and as a module.
      for (const [file, resolution] of [["auth.d.ts", "NodeNext"], ["auth.ts", "Bundler"]]) {
        assert.deepEqual(await compile({ [file]: text, ...(types && { "use.ts": use }) }, { packages, resolution }), [], file);
      }
    }));
}
