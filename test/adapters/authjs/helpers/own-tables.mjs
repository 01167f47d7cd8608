// The tables of users and sessions that each adapter would have without the extension: what its library makes by itself, or else what
// Auth.js documents, with ids of type text. For each adapter their names, and SQL or a function that makes them in a schema.
import { defaultEntities } from "@auth/mikro-orm-adapter";
import SequelizeAdapter from "@auth/sequelize-adapter";
import { entities } from "@auth/typeorm-adapter";
import { MikroORM } from "@mikro-orm/core";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";
import { Sequelize } from "sequelize";
import { DataSource } from "typeorm";

const searchPath = (schema) => `-c search_path=${schema}`;

const postgres = {
  users: "users", sessions: "sessions",
  make: `
    CREATE TABLE users (id text PRIMARY KEY, name varchar(255), email varchar(255), "emailVerified" timestamptz, image text);
    CREATE TABLE sessions (id text PRIMARY KEY, "userId" text NOT NULL, expires timestamptz NOT NULL, "sessionToken" varchar(255) NOT NULL)`,
};

export const ownTables = {
  pg: postgres,
  neon: postgres,
  kysely: {
    users: '"User"', sessions: '"Session"',
    make: `
      CREATE TABLE "User" (id text PRIMARY KEY, name text, email text NOT NULL UNIQUE, "emailVerified" timestamptz, image text);
      CREATE TABLE "Session" (id text PRIMARY KEY DEFAULT gen_random_uuid(), "userId" text NOT NULL REFERENCES "User" ON DELETE CASCADE,
        "sessionToken" text NOT NULL UNIQUE, expires timestamptz NOT NULL);
      CREATE INDEX "Session_userId_index" ON "Session" ("userId")`,
  },
  prisma: {
    users: '"User"', sessions: '"Session"',
    make: `
      CREATE TABLE "User" (id text PRIMARY KEY, name text, email text NOT NULL, "emailVerified" timestamp(3), image text,
        "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" timestamp(3) NOT NULL);
      CREATE TABLE "Session" ("sessionToken" text NOT NULL, "userId" text NOT NULL REFERENCES "User" ON DELETE CASCADE, expires timestamp(3) NOT NULL,
        "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" timestamp(3) NOT NULL);
      CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
      CREATE UNIQUE INDEX "Session_sessionToken_key" ON "Session" ("sessionToken")`,
  },
  drizzle: {
    users: '"user"', sessions: "session",
    make: `
      CREATE TABLE "user" (id text PRIMARY KEY, name text, email text UNIQUE, "emailVerified" timestamp, image text);
      CREATE TABLE session ("sessionToken" text PRIMARY KEY, "userId" text NOT NULL REFERENCES "user" ON DELETE CASCADE, expires timestamp NOT NULL)`,
  },
  typeorm: {
    users: "users", sessions: "sessions",
    make: async ({ user: username, ...server }, schema) => {
      const source = new DataSource({
        type: "postgres", ...server, username, schema, entities: Object.values(entities), synchronize: true,
        uuidExtension: "pgcrypto", installExtensions: false,
      });
      await (await source.initialize()).destroy();
    },
  },
  sequelize: {
    users: "users", sessions: "sessions",
    make: async ({ host, user, database }, schema) => {
      const dialectOptions = { options: searchPath(schema) };
      const sequelize = new Sequelize(database, user, null, { host, dialect: "postgres", dialectOptions, logging: false });
      SequelizeAdapter(sequelize);
      await sequelize.sync();
      await sequelize.close();
    },
  },
  "mikro-orm": {
    users: '"user"', sessions: "session",
    make: async ({ database: dbName, ...server }, schema) => {
      const orm = await MikroORM.init({ type: "postgresql", ...server, dbName, schema, entities: Object.values(defaultEntities) });
      await orm.getSchemaGenerator().createSchema();
      await orm.close();
    },
  },
  "better-auth": {
    users: '"user"', sessions: "session",
    make: async (server, schema) => {
      const pool = new pg.Pool({ ...server, options: searchPath(schema) });
      await (await getMigrations({ database: pool })).runMigrations();
      await pool.end();
    },
  },
};
