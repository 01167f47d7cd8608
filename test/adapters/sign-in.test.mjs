// People sign in to an application of next-auth 3 whose ids are text: with the models that it brings along and no catalog, and with
// the team's from the catalog. It has a role that owns nothing, and the database lives in another time zone than it does.
import test from "node:test";
import { getConnection } from "typeorm";
import { definitions } from "./authjs/helpers/application.mjs";
import { API } from "./helpers/browser.mjs";
import { connect, withDatabase } from "./helpers/database.mjs";
import { modelsFrom, readSchemas } from "./helpers/models.mjs";
import { fromPagesAPI, nextAuthPages } from "./helpers/next-auth.mjs";
import { client } from "./helpers/oidc-server.mjs";
import { DAY, issuers, MAX_AGE, profileOf, signInTo, startProviders } from "./helpers/sign-in.mjs";

process.env.NEXTAUTH_URL = API;
const [{ default: { default: NextAuth } }, { TypeORM }] = await Promise.all([import("next-auth"), import("next-auth/adapters")]);

const providers = ({ issuer, mail }) => [
  ...issuers.map((name) => ({
    id: name, name, type: "oauth", version: "2.0", ...client, scope: "openid email profile", params: { grant_type: "authorization_code" },
    authorizationUrl: `${issuer(name)}/authorize?response_type=code`, accessTokenUrl: `${issuer(name)}/token`,
    profileUrl: `${issuer(name)}/userinfo`, profile: profileOf, protection: ["pkce", "state"],
  })),
  { id: "email", type: "email", name: "E-mail", maxAge: DAY, sendVerificationRequest: async ({ url }) => mail.push(url) },
];

/** The adapter with the models that it brings along, or with those that the catalog describes. */
async function adapterOf(app, own) {
  const { user: username, ...place } = app;
  const config = { type: "postgres", ...place, username, schema: "nextauth", synchronize: false, installExtensions: false };
  if (!own) return TypeORM.Adapter(config);
  const db = await connect(app);
  const models = modelsFrom(await readSchemas(db), TypeORM.Models);
  await db.end();
  return TypeORM.Adapter(config, { models });
}

const application = (own) => ({
  own, trusts: false, keepsTokens: false,
  pages: nextAuthPages,
  errors: { taken: "OAuthAccountNotLinked", late: "OAuthCreateAccount", used: "Verification" },
  async open(app, services) {
    const adapter = await adapterOf(app, own);
    const options = {
      adapter: {
        async getAdapter(...options) {
          const methods = await adapter.getAdapter(...options);
          const createUser = async (...profile) => {
            await services.beforeCreate();
            return methods.createUser(...profile);
          };
          return { ...methods, createUser };
        },
      },
      providers: providers(services), secret: "a secret", session: { maxAge: MAX_AGE, updateAge: DAY },
      callbacks: { session: (session, user) => ({ ...session, user }) },
      logger: { error() {}, warn() {}, debug() {} },
    };
    return { handle: fromPagesAPI(NextAuth(options)), close: () => getConnection("nextauth").close() };
  },
});

for (const [title, own] of [["the models that it brings along, no catalog", false], ["the team's own models, from the catalog", true]]) {
  test(`next-auth 3.29.10: ${title}`, { timeout: 180_000 }, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      await admin.query(`ALTER DATABASE ${app.database} SET timezone = 'America/New_York'`);
      if (own) await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
      const provider = await startProviders();
      try {
        await signInTo(t, application(own), { app, db: admin, domain: "example.com", provider });
      } finally {
        provider.close();
      }
    }, { idType: "text" }));
}
