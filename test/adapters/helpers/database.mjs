// A scratch database for one test: the extension inside, one role that owns the tables and one for the application.
import pg from "pg";

const server = { host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE };
let databases = 0;

export async function connect(options) {
  const client = new pg.Client({ ...server, ...options });
  await client.connect();
  return client;
}

/**
 * Creates a database with the extension and hands its connections to `use`; drops everything afterwards.
 *
 * - `admin`: a pg client as the superuser, the second pair of eyes that checks what an adapter wrote;
 * - `owner`: a pg client as the owner of the tables, an ordinary role, which calls extend_model;
 * - `app`: where and as whom the application connects, as a role that may use the tables and owns nothing;
 * - `superuser`: the same place as the superuser.
 *
 * Ids are of type `idType`, the default's if it is not given; the owner adds `adapters`.
 */
export async function withDatabase(use, { idType = "integer", adapters = [] } = {}) {
  const name = `nextauth_test_${process.pid}_${++databases}`;
  const roles = { owner: `${name}_owner`, app: `${name}_app` };
  const root = await connect();
  const clients = [root];
  const connectHere = async (options) => {
    clients.unshift(await connect({ database: name, ...options }));
    return clients[0];
  };
  try {
    // Names are ASCII and made here, so they need no quoting.
    await root.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    for (const role of Object.values(roles)) await root.query(`CREATE ROLE ${role} LOGIN`);
    const admin = await connectHere();
    await admin.query(setup({ ...roles, name, idType }));
    const owner = await connectHere({ user: roles.owner });
    for (const adapter of adapters) await owner.query("SELECT nextauth.add_adapter($1)", [adapter]);
    if (adapters.length > 0) await admin.query("SELECT nextauth.grant_adapter($1)", [roles.app]);
    const superuser = { ...server, database: name };
    await use({ admin, owner, superuser, app: { ...superuser, user: roles.app } });
  } finally {
    for (const client of clients.slice(0, -1)) await client.end();
    await root.query(`DROP DATABASE IF EXISTS ${name}`);
    for (const role of Object.values(roles)) await root.query(`DROP ROLE IF EXISTS ${role}`);
    await root.end();
  }
}

const tables = ["users", "accounts", "sessions", "verification_requests"].map((table) => `nextauth.${table}`);

/**
 * CREATE on the database lets the owner make schemas of views; on the schema it is for TypeORM, which some tests let alter the
 * tables itself. The application gets no more than an application needs.
 */
const setup = ({ name, owner, app, idType }) => `
  SET nextauth.id_type = ${idType};
  CREATE EXTENSION nextauth;
  GRANT CREATE ON DATABASE ${name} TO ${owner};
  GRANT USAGE, CREATE ON SCHEMA nextauth TO ${owner};
  GRANT USAGE ON SCHEMA nextauth TO ${app};
  ${tables.map((table) => `ALTER TABLE ${table} OWNER TO ${owner};`).join("\n")}
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.join(", ")} TO ${app};
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA nextauth TO ${app};
`;
