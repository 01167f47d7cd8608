import { KyselyAdapter } from "@auth/kysely-adapter";
import { Kysely, PostgresDialect } from "kysely";
import { poolOf } from "../helpers/application.mjs";

export default {
  schema: "nextauth_kysely",
  ids: ["uuid", "text"],
  async open(app) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: poolOf(app, this.schema) }) });
    return { adapter: KyselyAdapter(db), close: () => db.destroy() };
  },
};
