// TypeORM as the adapter sets it up: its schema diff, and the tables that it would have made itself.
import { TypeORM } from "next-auth/adapters";
import { createConnection, EntitySchema } from "typeorm";

let connections = 0;

/** Connects with these entity schemas (options of EntitySchema) and hands the connection to `use`. */
export async function withTypeORM({ host, user, database }, { schemas, ...config }, use) {
  const connection = await createConnection({
    type: "postgres", name: `typeorm${++connections}`, host, username: user, database,
    // pgcrypto stands for gen_random_uuid(), which is built in, so nothing is to be installed.
    uuidExtension: "pgcrypto", installExtensions: false, synchronize: false,
    entities: schemas.map((schema) => new EntitySchema(schema)), ...config,
  });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** What `synchronize` would run. */
export async function schemaDiff(connection) {
  const { upQueries } = await connection.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/**
 * Entity schemas as they leave the adapter, which turns "timestamp" into timestamptz and brings its naming strategy. It writes
 * into what it is given, so it is given a copy.
 */
export function throughAdapter(schemas) {
  const options = { models: mapValues(schemas, (schema, name) => ({ model: TypeORM.Models[name]?.model, schema: copy(schema) })) };
  TypeORM.Adapter({ type: "postgres" }, options);
  return { namingStrategy: options.namingStrategy, schemas: Object.values(options.models).map(({ schema }) => schema) };
}

/** The adapter's own schemas, as an application spreads them, with the same columns added to each. */
export function handWritten(columns = {}) {
  return mapValues(TypeORM.Models, ({ schema }) => ({ ...schema, columns: { ...schema.columns, ...columns } }));
}

/** The same with other columns for each model, and with the indices, uniques, checks and relations of some. */
export function handWrittenModels(models) {
  return mapValues(handWritten(), (schema, name) => {
    const { columns = {}, relations, options } = models[name] ?? {};
    const own = mapValues(columns, ({ foreignKey, ...column }) => inJavaScript(column));
    const indices = [...(schema.indices ?? []), ...(options?.indices ?? [])];
    return { ...schema, columns: { ...schema.columns, ...own }, ...options, indices, ...(relations && { relations }) };
  });
}

const constructors = { String, Number, Boolean, Date };

/** A column's options as an application writes them in JavaScript. */
export function inJavaScript({ type, defaultExpression, ...options }) {
  return { type: constructors[type] ?? type, ...options, ...(defaultExpression && { default: () => defaultExpression }) };
}

const mapValues = (object, map) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));

/** Deep enough for columns and their options; classes and functions stay what they are. */
const copy = (schema) => ({ ...schema, columns: mapValues(schema.columns, (column) => ({ ...column })) });
