// What every application here has in common: how it connects, and the properties that its team added to User.
import { webcrypto } from "node:crypto";
import pg from "pg";

// Some adapters take it for granted; Node.js 18 leaves it to the framework.
globalThis.crypto ??= webcrypto;

// In development the adapters of Sequelize and TypeORM bring tables in line with their models, unless told not to.
process.env.NODE_ENV = "production";

/** A pool of package pg, with the schema of the adapter's views as the search_path. */
export const poolOf = (app, schema) => new pg.Pool({ max: 2, ...app, options: `-c search_path=${schema}` });

/** What the team added to User: how it is defined, its column, and its value when nobody gives one and when somebody does. */
export const custom = {
  phoneNumber: {
    definition: { type: "varchar", nullable: true },
    column: "phone_number", initial: null, given: "+44 20 7946 0123", changed: "+44 20 7946 0999",
  },
  newsletter: {
    definition: { type: "boolean", default: true },
    column: "newsletter", initial: true, given: false, changed: true,
  },
  memberSince: {
    definition: { type: "timestamp", nullable: true },
    column: "member_since", initial: null, given: new Date("2019-08-07T06:05:04.321Z"), changed: new Date("2001-02-03T04:05:06Z"),
  },
};

export const definitions = Object.fromEntries(Object.entries(custom).map(([property, { definition }]) => [property, definition]));

/** The team's properties as the application declares them in its own language: `types` has a declaration for each type. */
export const declare = (properties = {}, types) =>
  Object.fromEntries(Object.entries(properties).map(([property, { definition }]) => [property, types[definition.type](property)]));
