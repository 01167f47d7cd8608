import SequelizeAdapter, { models } from "@auth/sequelize-adapter";
import { DataTypes, Sequelize } from "sequelize";
import { declare } from "../helpers/application.mjs";

const types = {
  varchar: () => DataTypes.STRING,
  boolean: () => ({ type: DataTypes.BOOLEAN, defaultValue: true }),
  timestamp: () => DataTypes.DATE,
};

export default {
  schema: "nextauth_sequelize",
  ids: ["uuid", "text"],
  findsThenDeletes: true,
  async open({ host, user, database }, custom) {
    const dialectOptions = { options: `-c search_path=${this.schema}` };
    const sequelize = new Sequelize(database, user, null, { host, dialect: "postgres", dialectOptions, logging: false });
    const User = custom &&
      sequelize.define("user", { ...models.User, ...declare(custom, types) }, { underscored: true, timestamps: false });
    return { adapter: SequelizeAdapter(sequelize, custom && { models: { User } }), close: () => sequelize.close() };
  },
};
