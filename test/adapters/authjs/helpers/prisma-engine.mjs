// Prisma Migrate without its command, which would download an engine: the same engine as WebAssembly, and a driver for it. That of
// @prisma/adapter-pg has no type "char", of which PostgreSQL's catalog is full.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import pg from "pg";

const require = createRequire(import.meta.url);
let loaded;

async function loadModule() {
  const module = "@prisma/schema-engine-wasm";
  const engine = await import(`${module}/schema_engine_bg`);
  const wasm = await readFile(require.resolve(module).replace(/\.js$/, "_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return engine.SchemaEngine;
}

async function connect(options, close = () => {}) {
  const { ColumnTypeEnum: types } = require("@prisma/driver-adapter-utils");
  const typeOf = {
    16: types.Boolean, 18: types.Character, 20: types.Int64, 21: types.Int32, 23: types.Int32, 26: types.Int64,
    1000: types.BooleanArray, 1002: types.CharacterArray, 1003: types.TextArray, 1005: types.Int32Array, 1009: types.TextArray,
  };
  const client = new pg.Client(options);
  await client.connect();
  const getTypeParser = (oid, format) => (oid in typeOf && ![20, 26].includes(oid) ? pg.types.getTypeParser(oid, format) : String);
  const run = ({ sql: text, args: values }) => client.query({ text, values, rowMode: "array", types: { getTypeParser } });
  return {
    provider: "postgres", adapterName: "pg",
    async queryRaw(query) {
      const { fields, rows } = await run(query);
      return { columnNames: fields.map(({ name }) => name), columnTypes: fields.map(({ dataTypeID }) => typeOf[dataTypeID] ?? types.Text), rows };
    },
    executeRaw: async (query) => (await run(query)).rowCount ?? 0,
    executeScript: async (script) => void await client.query(script),
    async dispose() {
      await client.end();
      await close();
    },
    startTransaction: () => assert.fail("a transaction"),
  };
}

/**
 * What Prisma Migrate does with this schema.prisma and prisma.config.ts, as a role and in a database; `root` may make the shadow
 * database.
 */
export async function prismaMigrate({ role, root, schema, config }) {
  const { bindMigrationAwareSqlAdapterFactory } = require("@prisma/driver-adapter-utils");
  const connections = [];
  const database = `${role.database}_shadow`;
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: "postgres", adapterName: "pg",
    async connect() {
      const connection = await connect(role);
      connections.push(connection);
      return connection;
    },
    async connectToShadowDb() {
      await root.query(`CREATE DATABASE ${database} TEMPLATE template0`);
      return connect({ ...role, database, user: root.user }, () => root.query(`DROP DATABASE ${database}`));
    },
  });
  const engine = await (await (loaded ??= loadModule())).new({ datamodels: [["schema.prisma", schema]] }, () => {}, factory);
  const container = { files: [{ path: "schema.prisma", content: schema }] };
  const filters = { externalTables: config.tables?.external ?? [], externalEnums: config.enums?.external ?? [] };
  const target = { tag: "schemaDatamodel", ...container };
  const diff = async (from) => (await engine.diff({ from, to: target, script: true, exitCode: null, filters })).stdout;
  const lockfile = { path: "migration_lock.toml", content: `provider = "postgresql"` };
  const migrations = (scripts) => ({
    baseDir: "/", lockfile, shadowDbInitScript: config.migrations?.initShadowDb ?? "",
    migrationDirectories: scripts.map((value, i) => ({ path: `${i}`, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } })),
  });
  return {
    /** prisma db push */
    push: () => engine.schemaPush({ force: true, schema: container, filters }),
    /** prisma migrate diff --from-config-datasource */
    fromDatabase: () => diff({ tag: "schemaDatasource", ...container, configDir: "/" }),
    /** prisma migrate dev, with the migrations that there are */
    fromMigrations: (...scripts) => diff({ tag: "migrations", ...migrations(scripts) }),
    /** prisma migrate deploy, on a database that has seen none of them */
    deploy: (...scripts) => engine.applyMigrations({ migrationsList: migrations(scripts), filters }),
    async close() {
      engine.free();
      for (const connection of connections) await connection.dispose();
    },
  };
}
