// TypeORM and next-auth 3's adapter, on a database of any engine.
import { TypeORM } from "next-auth/adapters";
import { createConnection, EntitySchema, getConnection } from "typeorm";
import { modelsFrom } from "../../adapters/helpers/models.mjs";

export const DAY = 24 * 60 * 60;
export const MAX_AGE = 30 * DAY;
export const SECRET = "a secret";
export const BASE_URL = "https://app.example";

const logger = { debug() {}, warn() {}, error() {} };

/** Where a role of Postgres connects, as TypeORM's options. */
export const postgres = ({ user: username, ...place }) =>
  ({ type: "postgres", ...place, username, uuidExtension: "pgcrypto", installExtensions: false });

/** Connects with these EntitySchema options, as the adapter does, and hands the connection to `use`. */
export async function withTypeORM(connection, schemas, use) {
  const entities = Object.values(schemas).map((schema) => new EntitySchema(schema));
  const opened = await createConnection({ ...connection, name: "test", timezone: "Z", entities });
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** What `synchronize` would run, but for the table that TypeORM 0.2 makes for itself everywhere. */
export async function schemaDiff(connection) {
  const { upQueries } = await connection.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query).filter((query) => !/^CREATE TABLE .typeorm_metadata./.test(query));
}

/**
 * Hands to `use` the adapter's methods, its connection and its classes. Its models are made of these EntitySchema options; without
 * them it takes those that it brings.
 */
export async function withAdapter(connection, schemas, use) {
  const models = schemas ? modelsFrom(schemas, TypeORM.Models) : ownModels();
  const adapter = TypeORM.Adapter({ ...connection }, { models });
  try {
    const api = await adapter.getAdapter({ session: { maxAge: MAX_AGE, updateAge: DAY }, secret: SECRET, logger, baseUrl: BASE_URL });
    return await use({ api, connection: getConnection("nextauth"), models: TypeORM.Models, User: models.User.model });
  } finally {
    await getConnection("nextauth").close().catch(() => {}); // it need not have connected
  }
}

/** The models that the adapter brings, each a copy, as it writes into them. */
function ownModels() {
  const copy = ({ columns, indices, ...schema }) => ({
    ...schema, indices: indices?.map((index) => ({ ...index })),
    columns: Object.fromEntries(Object.entries(columns).map(([property, column]) => [property, { ...column }])),
  });
  return Object.fromEntries(Object.entries(TypeORM.Models).map(([name, { model, schema }]) => [name, { model, schema: copy(schema) }]));
}
