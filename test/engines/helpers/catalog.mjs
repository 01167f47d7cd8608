// What the extension says of its models to an engine.
import { readSchemas } from "../../adapters/helpers/models.mjs";

/** EntitySchema options for TypeORM's driver of an engine. */
export const schemasFor = (client, engine) => readSchemas(client, engine.name);

/** The statements that make all models there. */
export async function statementsFor(client, engine) {
  const { rows: [{ statements }] } = await client.query("SELECT nextauth.describe_model($1) AS statements", [engine.name]);
  return statements;
}

/** An empty database of the engine in which its own client has run those statements. */
export async function createModels(client, engine) {
  const database = await engine.createDatabase();
  await database.client(await statementsFor(client, engine));
  return database;
}

/** Each engine's databases have ids of the type that it has; MongoDB's are texts to Postgres. */
export const idTypeFor = (engine) => (engine.name === "mongodb" ? "text" : "integer");

export const extend = (client, columns, options = {}) =>
  client.query("SELECT nextauth.extend_model('User', $1, $2)", [JSON.stringify(columns), JSON.stringify(options)]);
