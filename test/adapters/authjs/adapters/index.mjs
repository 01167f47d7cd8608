// Each adapter in its default configuration, as an application sets it up:
// - `schema`: where its views are;
// - `ids`: the types of ids that it can work with;
// - `open(app, custom)`: the adapter for this role and database, and how to close it; `custom` are the team's properties of User,
//   declared in the way of the library where the library only sees what is declared;
// - `node`: the version of Node.js that it takes at least, if not every one;
// and what is peculiar to it:
// - `writesCustom: false`: it drops properties that it does not know;
// - `findsThenDeletes`: two callers at once can both use a token, which is the adapter's doing;
// - `clears: false`: it cannot set a time to null.
const names = ["pg", "neon", "kysely", "prisma", "drizzle", "typeorm", "sequelize", "mikro-orm", "supabase"];
const node = Number.parseInt(process.versions.node);

export const adapters = await Promise.all(names.map(async (name) => {
  const { default: adapter } = await import(`./${name}.mjs`);
  return { name, skip: adapter.node > node && `takes Node.js ${adapter.node}`, ...adapter };
}));
