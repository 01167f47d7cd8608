import { entities, TypeORMAdapter } from "@auth/typeorm-adapter";
import { Column } from "typeorm";
import { declare } from "../helpers/application.mjs";

const types = {
  varchar: () => ({ type: "varchar", nullable: true }),
  boolean: () => ({ type: "boolean", default: true }),
  timestamp: () => ({ type: "timestamptz", nullable: true }),
};

/** Declares the team's properties on the adapter's entities; the application's copy of them would have these columns as well. */
export function declareColumns({ UserEntity }, custom) {
  for (const [property, options] of Object.entries(declare(custom, types))) Column(options)(UserEntity.prototype, property);
}

export default {
  schema: "nextauth_typeorm",
  ids: ["uuid", "text"],
  findsThenDeletes: true,
  clears: false,
  async open({ user: username, ...app }, custom) {
    declareColumns(entities, custom);
    const adapter = TypeORMAdapter({ type: "postgres", ...app, username, schema: this.schema });
    return { adapter, close: () => adapter.__disconnect() };
  },
};
