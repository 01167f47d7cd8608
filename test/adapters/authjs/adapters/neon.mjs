import NeonAdapter from "@auth/neon-adapter";
import { poolOf } from "../helpers/application.mjs";

export default {
  schema: "nextauth_neon",
  ids: ["integer", "bigint", "uuid", "text"],
  writesCustom: false,
  // The Pool of @neondatabase/serverless is package pg's, over a connection to Neon's proxy.
  async open(app) {
    const pool = poolOf(app, this.schema);
    return { adapter: NeonAdapter(pool), close: () => pool.end() };
  },
};
