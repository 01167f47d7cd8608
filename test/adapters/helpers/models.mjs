// From the catalog to what the adapter takes: the part that an application would write.

/** Every model as the catalog describes it, ready for `new EntitySchema()`; for Postgres, or for another driver of TypeORM. */
export async function readSchemas(client, driver) {
  const call = driver ? "entity_schemas($1)" : "entity_schemas()";
  const { rows: [{ schemas }] } = await client.query(`SELECT nextauth.${call} AS schemas`, driver ? [driver] : []);
  // JSON carries no function, TypeORM takes an expression as one.
  for (const { columns } of Object.values(schemas)) {
    for (const c of Object.values(columns)) if (c.defaultExpression) c.default = () => c.defaultExpression;
  }
  return schemas;
}

/** The adapter's `models` option: the catalog's schemas with the adapter's classes, User extended by its custom properties. */
export function modelsFrom(schemas, builtin) {
  const models = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const model = name === "User" ? extendedUser(schema, builtin.User) : builtin[name]?.model;
    models[name] = { model, schema: { ...schema, target: model } };
  }
  return models;
}

/** The class must be called User. A provider's profile has an id of its own, so only custom properties are taken from it. */
function extendedUser(schema, builtin) {
  const custom = Object.keys(schema.columns).filter((property) => !(property in builtin.schema.columns));
  return class User extends builtin.model {
    constructor(profile, ...others) {
      super(profile, ...others);
      for (const property of custom) if (profile?.[property] !== undefined) this[property] = profile[property];
    }
  };
}
