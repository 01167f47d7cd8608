import { entities, TypeORMAdapter } from "@auth/typeorm-adapter";
import { Column } from "typeorm";
import { declare } from "../helpers/application.mjs";

const types = {
  varchar: () => ({ type: "varchar", nullable: true }),
  boolean: () => ({ type: "boolean", default: true }),
  timestamp: () => ({ type: "timestamptz", nullable: true }),
};

export default {
  schema: "nextauth_typeorm",
  ids: ["uuid", "text"],
  findsThenDeletes: true,
  clears: false,
  async open({ user: username, ...app }, custom) {
    // The application's copy of the entities would have these columns as well.
    for (const [property, options] of Object.entries(declare(custom, types))) {
      Column(options)(entities.UserEntity.prototype, property);
    }
    const adapter = TypeORMAdapter({ type: "postgres", ...app, username, schema: this.schema });
    return { adapter, close: () => adapter.__disconnect() };
  },
};
