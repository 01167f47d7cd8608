import { MikroOrmAdapter } from "@auth/mikro-orm-adapter";
import { Collection, Entity, OneToMany, PrimaryKey, Property, types as mikro } from "@mikro-orm/core";
import { declare } from "../helpers/application.mjs";

const types = {
  varchar: () => ({ type: mikro.string, nullable: true }),
  boolean: () => ({ type: mikro.boolean, default: true }),
  timestamp: () => ({ type: mikro.datetime, nullable: true }),
};

/** The adapter's own entity, restated as an application with further properties has to, and decorated as TypeScript would. */
function userEntity(custom) {
  class User {
    id = crypto.randomUUID();
    emailVerified = null;
    sessions = new Collection(this);
    accounts = new Collection(this);
  }
  const text = (options) => Property({ type: mikro.string, nullable: true, ...options });
  const many = (entity) => OneToMany({ entity, mappedBy: ({ user }) => user, hidden: true, orphanRemoval: true });
  const decorators = {
    id: PrimaryKey({ type: mikro.string }),
    name: text(),
    email: text({ unique: true }),
    emailVerified: Property({ type: mikro.datetime, nullable: true }),
    image: text(),
    sessions: many("Session"),
    accounts: many("Account"),
  };
  for (const [property, options] of Object.entries(declare(custom, types))) decorators[property] = Property(options);
  for (const [property, decorate] of Object.entries(decorators)) decorate(User.prototype, property);
  return Entity()(User);
}

export default {
  schema: "nextauth_mikro_orm",
  ids: ["uuid", "text"],
  findsThenDeletes: true,
  async open({ database: dbName, ...app }, custom) {
    const adapter = MikroOrmAdapter({ type: "postgresql", ...app, dbName, schema: this.schema },
      custom && { entities: { User: userEntity(custom) } });
    return { adapter, close: () => adapter.__disconnect() };
  },
};
