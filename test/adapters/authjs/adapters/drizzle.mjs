import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { drizzle } from "drizzle-orm/node-postgres";
import { boolean, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { declare, poolOf } from "../helpers/application.mjs";

const types = {
  varchar: (name) => text(name),
  boolean: (name) => boolean(name).default(true),
  timestamp: (name) => timestamp(name, { mode: "date", withTimezone: true }),
};

/** The adapter's own table, restated as an application with further columns has to. */
const usersTable = (custom) =>
  pgTable("user", {
    id: text("id").primaryKey().$defaultFn(() => crypto.randomUUID()),
    name: text("name"),
    email: text("email").unique(),
    emailVerified: timestamp("emailVerified", { mode: "date" }),
    image: text("image"),
    ...declare(custom, types),
  });

export default {
  schema: "nextauth_drizzle",
  ids: ["text"],
  async open(app, custom) {
    const pool = poolOf(app, this.schema);
    const tables = custom && { usersTable: usersTable(custom) };
    return { adapter: DrizzleAdapter(drizzle(pool), tables), close: () => pool.end() };
  },
};
