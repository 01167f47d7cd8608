// Models beyond single columns: what is built in with options of its own, foreign keys, indices, constraints. One definition a case.

const nullable = (type, options) => ({ type, nullable: true, ...options });
const manyToOne = (target, name, options) =>
  ({ type: "many-to-one", target, joinColumn: { name, referencedColumnName: "id" }, ...options });

const code = nullable("varchar", { length: 20 });
const region = nullable("varchar");

/**
 * A case: by model, `columns` and `options` (extend_model's second and third argument).
 * - `relations`: how an application with TypeORM 0.2 says what a foreignKey says;
 * - `fails`: TypeORM cannot compare it at all, and says so;
 * - `perpetual`: TypeORM sees a difference however the model is described, and the reason;
 * - `unlike`: TypeORM's own tables are not compared, and the reason.
 */
export const cases = [
  // built-in columns with further options
  { title: "lengths", models: {
    User: { columns: { name: nullable("varchar", { length: 100 }), email: nullable("varchar", { unique: true, length: "320" }) } },
    Session: { columns: { sessionToken: { type: "varchar", unique: true, length: 64 } } },
  } },
  { title: "defaults", models: {
    User: { columns: { name: nullable("varchar", { default: "nobody" }), image: nullable("varchar", { defaultExpression: "lower('X')" }) } },
    Account: { columns: { refreshToken: nullable("text", { default: "" }), providerType: { type: "varchar", default: "oauth" } } },
  } },
  { title: "unique", models: {
    User: { columns: { name: nullable("varchar", { unique: true }) } },
    Account: { columns: { accessToken: nullable("text", { unique: true }) } },
  } },
  { title: "comments", models: {
    User: { columns: { id: { primary: true, type: "int", generated: true, comment: "it's the key" }, email: nullable("varchar", { unique: true, comment: "an address" }) } },
    VerificationRequest: { columns: { token: { type: "varchar", unique: true, comment: "hashed" } } },
  } },
  { title: "everything", models: {
    User: { columns: { image: nullable("varchar", { length: 2048, default: "none.png", unique: true, comment: "a \"URL\"" }) } },
  } },

  // TypeORM 0.2 keeps the expressions of computed columns in a table that only `synchronize` of a model with one makes. Connecting and
  // all that an adapter does works, see adapter-suite.mjs.
  { title: "a computed column", fails: /relation "typeorm_metadata" does not exist/, models: {
    User: { columns: { mailHost: nullable("varchar", { asExpression: "lower(split_part(email, '@', 2))", generatedType: "STORED" }) } },
  } },

  // foreign keys
  { title: "a foreign key to itself", models: {
    User: {
      columns: { managerId: nullable("int", { foreignKey: { target: "User" } }) },
      relations: { manager: manyToOne("User", "manager_id") },
    },
  } },
  { title: "foreign keys of built-in columns' models", models: {
    Account: {
      columns: { ownerId: nullable("int", { foreignKey: { target: "User", onDelete: "CASCADE", onUpdate: "RESTRICT" }, unique: true }) },
      relations: { owner: manyToOne("User", "owner_id", { onDelete: "CASCADE", onUpdate: "RESTRICT" }) },
    },
    Session: {
      columns: {
        accountId: nullable("int", { foreignKey: { target: "Account", onDelete: "SET NULL" }, comment: "signed in with" }),
        parentId: { type: "int", default: 1, foreignKey: { target: "Session", onDelete: "SET DEFAULT" } },
      },
      relations: {
        account: manyToOne("Account", "account_id", { onDelete: "SET NULL" }),
        parent: manyToOne("Session", "parent_id", { onDelete: "SET DEFAULT" }),
      },
    },
  } },
  { title: "deferrable foreign keys", models: {
    User: {
      columns: {
        referrerId: nullable("int", { name: "Referred By", foreignKey: { target: "User", deferrable: "INITIALLY DEFERRED" } }),
        sponsorId: nullable("int", { foreignKey: { target: "User", deferrable: "INITIALLY IMMEDIATE" }, select: false }),
      },
      relations: {
        referrer: manyToOne("User", "Referred By", { deferrable: "INITIALLY DEFERRED" }),
        sponsor: manyToOne("User", "sponsor_id", { deferrable: "INITIALLY IMMEDIATE" }),
      },
    },
  } },
  { title: "models that refer to each other", models: {
    User: {
      columns: { mainAccountId: nullable("int", { foreignKey: { target: "Account" } }) },
      relations: { mainAccount: manyToOne("Account", "main_account_id") },
    },
    Account: {
      columns: { holderId: nullable("int", { foreignKey: { target: "User" } }) },
      relations: { holder: manyToOne("User", "holder_id") },
    },
  } },
  { title: "a foreign key with a name of its own", perpetual: "TypeORM 0.2 computes the name", unlike: "likewise", models: {
    User: { columns: { managerId: nullable("int", { foreignKey: { target: "User", name: "its manager" } }) } },
  } },
  { title: "a foreign key to a table that is no model", perpetual: "TypeORM 0.2 can refer to entities only", unlike: "likewise",
    setup: "CREATE TABLE nextauth.tenants (id int PRIMARY KEY)", models: {
      User: { columns: { tenantId: nullable("int", { foreignKey: { target: "tenants" } }) } },
    } },
  { title: "a foreign key of another integer type", perpetual: "TypeORM gives it the type of its target", unlike: "likewise", models: {
    User: { columns: { managerId: nullable("bigint", { foreignKey: { target: "User" } }) } },
  } },

  // indices
  { title: "indices", models: {
    User: {
      columns: { code, region, "Odd One": nullable("int", { name: "Odd \u00e9 One" }) },
      options: { indices: [
        { columns: ["code"] },
        { columns: ["region", "code"] },
        { columns: ["code"], name: "users by code" },
        { columns: ["region"], unique: true },
        { columns: ["region", "emailVerified"], unique: true, name: "users_region" },
        { columns: ["Odd One", "createdAt"] },
      ] },
    },
    Account: { columns: {}, options: { indices: [{ columns: ["accessTokenExpires"] }] } },
  } },
  { title: "indices of some rows", models: {
    User: {
      columns: { code, region },
      options: { indices: [
        { columns: ["code"], where: "code IS NOT NULL" },
        { columns: ["code"], where: "(region = 'it''s')" },
        { columns: ["region", "code"], unique: true, where: "\"email_verified\" > '2020-01-01'" },
      ] },
    },
  } },
  { title: "indices on built-in columns", models: {
    User: { columns: {}, options: { indices: [{ columns: ["name"] }, { columns: ["email", "name"], unique: true }] } },
    Account: { columns: {}, options: { indices: [{ columns: ["userId", "providerId"] }] } },
    Session: { columns: {}, options: { indices: [{ columns: ["expires"] }] } },
  } },

  // unique constraints
  { title: "unique constraints", models: {
    User: {
      columns: { code, region },
      options: { uniques: [
        { columns: ["region", "code"] },
        { columns: ["code", "name"], name: "users code name" },
        { columns: ["region", "name", "email"] },
      ] },
    },
    Account: { columns: {}, options: { uniques: [{ columns: ["userId", "providerId"] }] } },
  } },
  { title: "a deferrable unique constraint", models: {
    User: { columns: { code, region }, options: { uniques: [{ columns: ["code", "region"], deferrable: "INITIALLY DEFERRED" }] } },
  } },
  { title: "unique constraints of one column", models: {
    User: { columns: { code, region }, options: { uniques: [{ columns: ["code"] }, { columns: ["region"], name: "one per region" }] } },
  } },

  // checks
  { title: "checks", models: {
    User: {
      columns: { code, region, age: nullable("int") },
      options: { checks: [
        { expression: "age >= 0" },
        { expression: "\"age\" < 200 OR region LIKE 'it''s%'", name: "old age" },
        { expression: "length(code) > 2 AND (region IS NOT NULL)" },
        { expression: "name <> ''" },
      ] },
    },
  } },

  { title: "a check that PostgreSQL prints in other words each time", unlike: "ours is made from the printed one", models: {
    User: { columns: { region }, options: { checks: [{ expression: "region IN ('Mars', 'it''s')" }] } },
  } },

  { title: "all of them", models: {
    Session: {
      columns: {
        number: { type: "bigint", generated: "increment" }, seat: { type: "smallint", generated: "identity", unique: true },
        accountId: nullable("int", { foreignKey: { target: "Account", onDelete: "CASCADE" } }), code,
      },
      relations: { account: manyToOne("Account", "account_id", { onDelete: "CASCADE" }) },
      options: {
        indices: [{ columns: ["accountId", "number"] }, { columns: ["code"], unique: true, where: "seat > 1" }],
        uniques: [{ columns: ["seat", "code"] }], checks: [{ expression: "seat < 1000" }],
      },
    },
  } },
];

/**
 * A model that changes: each step is what extend_model is given next, or a statement. After each step TypeORM must see no
 * difference.
 */
export const histories = [
  { title: "length and type", steps: [
    { a: code, b: nullable("varchar"), c: nullable("int"), d: nullable("numeric", { precision: 6, scale: 2 }) },
    { a: nullable("varchar", { length: 40 }), b: nullable("text"), c: nullable("bigint"), d: nullable("numeric", { precision: 12, scale: 2 }) },
    { a: nullable("varchar"), b: nullable("varchar"), c: nullable("numeric"), d: nullable("numeric") },
    { a: nullable("text", { array: true }), b: nullable("varchar", { length: 5 }), c: nullable("varchar"), d: nullable("double precision") },
    { a: nullable("varchar", { array: true, length: 9 }), b: nullable("char", { length: 9 }), c: nullable("simple-json"), d: nullable("int") },
  ] },
  { title: "time types", steps: [
    { a: nullable("timestamp"), b: nullable("timestamptz", { precision: 3 }), c: nullable("date") },
    { a: nullable("timestamptz", { precision: 0 }), b: nullable("timestamp"), c: nullable("timestamptz") },
    { a: nullable("timestamp without time zone"), b: nullable("date"), c: nullable("timestamp", { precision: 3 }) },
  ] },
  { title: "nullability", steps: [
    { a: nullable("int"), b: { type: "int", default: 1 }, c: nullable("varchar", { unique: true }) },
    { a: { type: "int" }, b: nullable("int"), c: { type: "varchar", unique: true } },
    { a: nullable("int", { default: 3 }), b: { type: "int" }, c: nullable("varchar") },
  ] },
  { title: "default", steps: [
    { a: { type: "int", default: 1 }, b: nullable("varchar"), c: { type: "timestamp", defaultExpression: "now()" }, d: { type: "jsonb", default: {} } },
    { a: { type: "int", default: "2" }, b: nullable("varchar", { default: "it" }), c: nullable("timestamp"), d: { type: "jsonb", default: { a: [1] } } },
    { a: { type: "int" }, b: nullable("varchar", { defaultExpression: "lower('IT')" }), c: { type: "timestamp", createDate: true }, d: nullable("jsonb") },
    { a: { type: "bigint", default: 3 }, b: nullable("text", { default: "it" }), c: { type: "timestamp", defaultExpression: "CURRENT_TIMESTAMP" }, d: nullable("jsonb", { default: [] }) },
  ] },
  { title: "unique and comment", steps: [
    { a: nullable("int", { unique: true, comment: "one" }), b: nullable("int") },
    { a: nullable("int", { comment: "two" }), b: nullable("int", { unique: true, comment: "it's" }) },
    { a: nullable("bigint", { unique: true }), b: nullable("bigint", { comment: "" }) },
  ] },
  { title: "collation", steps: [
    { a: nullable("varchar", { collation: "C" }), b: nullable("text") },
    { a: nullable("varchar", { collation: "POSIX", length: 9 }), b: nullable("text", { collation: "C" }) },
    { a: nullable("varchar"), b: nullable("varchar") },
  ] },
  { title: "enum labels", steps: [
    { a: { enum: ["b", "d"], default: "d" }, b: nullable("enum", { enum: ["x"], array: true }) },
    { a: { enum: ["a", "b", "c", "d", "e"], default: "d" }, b: nullable("enum", { enum: ["x", "y"], array: true, default: ["x"] }) },
    { a: { enum: ["a", "b", "c", "d", "e"], default: "a" }, b: nullable("enum", { enum: ["x", "y"], array: true }) },
    { a: nullable("varchar", { default: "a" }), b: nullable("text", { array: true }) },
    { a: nullable("enum", { enum: ["a", "z"] }), b: nullable("text") },
  ] },
  { title: "generated", steps: [
    { a: { type: "int", default: 0 }, b: { type: "int", generated: "increment" }, c: { type: "int", generated: "identity" }, d: nullable("uuid") },
    { a: { type: "int", generated: "increment" }, b: { type: "int", generated: "identity" }, c: { type: "int" }, d: { type: "uuid", generated: "uuid" } },
    { a: { type: "bigint", generated: "increment" }, b: { type: "bigint", generated: "identity" }, c: { type: "int", generated: "increment" }, d: nullable("uuid") },
    { a: { type: "bigint", generated: "identity" }, b: { type: "bigint", generated: true }, c: { type: "smallint", generated: "increment" }, d: nullable("text") },
    { a: { type: "int" }, b: nullable("bigint"), c: { type: "smallint", generated: "identity", unique: true }, d: nullable("text") },
  ] },
  { title: "what an adapter does", steps: [
    { a: nullable("int", { select: false }), b: { type: "timestamp", createDate: true }, c: { version: true } },
    { a: nullable("int", { insert: false }), b: { type: "timestamp", updateDate: true }, c: { type: "int" } },
    { a: nullable("int"), b: { type: "timestamp", deleteDate: true }, c: { version: true, update: false } },
  ] },
  { title: "foreign keys", steps: [
    { a: nullable("int"), b: nullable("int", { foreignKey: { target: "User" } }) },
    { a: nullable("int", { foreignKey: { target: "User" } }), b: nullable("int", { foreignKey: { target: "User", onDelete: "CASCADE" } }) },
    { a: nullable("int", { foreignKey: { target: "Account" } }), b: nullable("int", { foreignKey: { target: "User", onUpdate: "SET NULL", deferrable: "INITIALLY DEFERRED" } }) },
    { a: nullable("int", { foreignKey: { target: "Session", onDelete: "SET NULL" }, unique: true }), b: nullable("int") },
  ] },
  { title: "indices, uniques and checks", steps: [
    [{ a: nullable("int"), b: nullable("varchar") }, { indices: [{ columns: ["a", "b"], name: "i" }], uniques: [{ columns: ["a", "b"], name: "u" }], checks: [{ expression: "a > 0", name: "c" }] }],
    [{ a: nullable("bigint"), b: nullable("varchar", { length: 99 }) }, { indices: [{ columns: ["b"], name: "i", unique: true, where: "a > 1" }], uniques: [{ columns: ["b", "name"], name: "u" }], checks: [{ expression: "a > 1", name: "c" }] }],
    [{ a: nullable("smallint"), b: nullable("varchar") }, { indices: [{ columns: ["a"] }], uniques: [{ columns: ["b", "a"] }], checks: [{ expression: "b > '1'" }] }],
  ] },
  { title: "built-in columns", steps: [
    { name: nullable("varchar", { length: 50, default: "x", comment: "a name" }), image: nullable("varchar", { unique: true }) },
    { name: nullable("varchar", { length: 60, default: "y", unique: true }), image: nullable("varchar", { comment: "a picture" }) },
    { name: nullable("varchar"), image: nullable("varchar", { unique: false, default: null, comment: "" }) },
  ] },
  { title: "rename_property", steps: [
    [{
      fooBar: nullable("varchar", { unique: true, comment: "it" }), role: { enum: ["a", "b"], default: "a" },
      num: { type: "int", generated: "increment" }, ident: { type: "int", generated: "identity" },
      boss: nullable("int", { foreignKey: { target: "User", onDelete: "CASCADE" } }),
    }, { indices: [{ columns: ["fooBar", "role"] }, { columns: ["boss"], name: "by boss" }], uniques: [{ columns: ["num", "boss"] }], checks: [{ expression: "foo_bar <> 'x'" }] }],
    "SELECT nextauth.rename_property('User', 'fooBar', 'barFoo'), nextauth.rename_property('User', 'role', 'userRole')," +
      " nextauth.rename_property('User', 'num', 'theNumber'), nextauth.rename_property('User', 'ident', 'theIdent')," +
      " nextauth.rename_property('User', 'boss', 'managerId')",
    "SELECT nextauth.rename_property('User', 'barFoo', 'other', 'bar_foo'), nextauth.rename_property('User', 'theNumber', 'Odd Number', 'Odd No.')",
    { other: nullable("text", { name: "bar_foo" }), userRole: { enum: ["a", "b", "c"], default: "a" } },
  ] },
  { title: "drop_properties", steps: [
    [{
      fooBar: nullable("varchar", { unique: true }), role: { enum: ["a", "b"], default: "a" }, num: { type: "int", generated: "increment" },
      ident: { type: "int", generated: "identity" }, boss: nullable("int", { foreignKey: { target: "User" } }), kept: nullable("int"),
    }, { indices: [{ columns: ["fooBar"] }], checks: [{ expression: "num > 0" }] }],
    "SELECT nextauth.drop_properties('User', 'fooBar', 'role')",
    "SELECT nextauth.drop_properties('User', 'num', 'ident', 'boss')",
    { fooBar: { type: "int", generated: "increment" }, role: nullable("enum", { enum: ["c"] }), num: nullable("varchar", { unique: true }) },
  ] },
];
