// NextAuth.js v3 signs up a user with a phone number; the model comes from the database.
import { TypeORM } from "next-auth/adapters";
import pg from "pg";

const { PGHOST: host, PGUSER: username, PGDATABASE: database } = process.env;
const db = new pg.Client({ host, user: username, database });
await db.connect();

// ---- The application's part: one query reads the models, and the adapter gets them -------------------------------
class User extends TypeORM.Models.User.model {
  constructor(profile) {
    super(profile);
    this.phoneNumber = profile?.phoneNumber;
  }
}

const { rows: [{ schemas }] } = await db.query("SELECT nextauth.entity_schemas() AS schemas");
const models = {};
for (const [name, schema] of Object.entries(schemas)) {
  for (const c of Object.values(schema.columns)) if (c.defaultExpression) c.default = () => c.defaultExpression;
  const model = name === "User" ? User : TypeORM.Models[name]?.model;
  models[name] = { model, schema: { ...schema, target: model } };
}
const nextAuth = TypeORM.Adapter({ type: "postgres", host, username, database }, { models });
// ---- The end of it: what follows is what NextAuth.js does when somebody signs in ----------------------------------

const logger = { debug() {}, warn: console.warn, error: console.error };
const adapter = await nextAuth.getAdapter({ session: { maxAge: 30 * 86400, updateAge: 86400 }, secret: "demo", logger });

console.log("Models read from nextauth.entity_schemas():");
for (const [name, { columns }] of Object.entries(schemas)) console.log(`  ${name}: ${Object.keys(columns).join(", ")}`);

const profile = { name: "Ada Lovelace", email: "ada@example.com", phoneNumber: "+44 20 7946 0123" };
const { id } = await adapter.createUser(profile);
await adapter.linkAccount(id, "github", "oauth", "1815", null, "an access token");
const { sessionToken } = await adapter.createSession({ id });
console.log(`Signed up user ${id} by createUser, linkAccount and createSession (session ${sessionToken.slice(0, 8)}…).`);

const { name, email, phoneNumber } = await adapter.getUserByEmail(profile.email);
console.log("The user as the adapter returns it:", JSON.stringify({ id, name, email, phoneNumber }));

const { rows } = await db.query("SELECT id, name, email, phone_number FROM nextauth.users WHERE id = $1", [id]);
console.log("The row as the table holds it:     ", JSON.stringify(rows[0]));

const views = await db.query('SELECT id, name, email, "phoneNumber" FROM nextauth_pg.users WHERE id = $1', [id]);
console.log("The row as Auth.js's adapter for pg finds it:", JSON.stringify(views.rows[0]));

await db.end();
process.exit(); // the adapter keeps its connections for the next request
