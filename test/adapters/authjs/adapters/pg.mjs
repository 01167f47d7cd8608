import PostgresAdapter from "@auth/pg-adapter";
import { poolOf } from "../helpers/application.mjs";

export default {
  schema: "nextauth_pg",
  ids: ["integer", "bigint", "uuid", "text"],
  writesCustom: false,
  async open(app) {
    const pool = poolOf(app, this.schema);
    return { adapter: PostgresAdapter(pool), close: () => pool.end() };
  },
};
