// The tables of the models as PostgreSQL's catalog has them, and as TypeORM makes them.
import { throughAdapter, withTypeORM } from "./typeorm.mjs";

export const tables = { User: "users", Account: "accounts", Session: "sessions", VerificationRequest: "verification_requests" };

/** Lets TypeORM make the tables of these schemas, in a schema of that name. */
export async function createByTypeORM(admin, superuser, schemas) {
  await admin.query("CREATE SCHEMA typeorm");
  await withTypeORM(superuser, { ...throughAdapter(schemas), schema: "typeorm" }, (connection) => connection.synchronize());
}

/** The columns of a table as PostgreSQL's catalog has them, without the name of the schema they are in. */
export async function columnsOf(client, schema, table) {
  await client.query("SELECT set_config('search_path', $1, false)", [`${schema}, public`]);
  const { rows } = await client.query(`
    SELECT a.attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS not_null, pg_get_expr(adbin, adrelid) AS default,
           attidentity AS identity, attgenerated AS generated, attcollation::regcollation::text AS collation,
           col_description(attrelid, attnum) AS comment,
           (SELECT array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum JOIN pg_type t ON t.oid = enumtypid
             WHERE atttypid IN (t.oid, t.typarray)) AS enum,
           (SELECT array_agg(conname || ' ' || pg_get_constraintdef(oid) ORDER BY conname) FROM pg_constraint
             WHERE conrelid = attrelid AND attnum = ANY (conkey) AND contype <> 'n') AS constraints
      FROM pg_attribute a LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, [table]);
  await client.query("RESET search_path");
  return rows;
}

export async function indexesOf(client, schema, table) {
  const { rows } = await client.query(`
    SELECT indexname AS name, replace(indexdef, schemaname || '.', '') AS definition
      FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY 1`, [schema, table]);
  return rows;
}
