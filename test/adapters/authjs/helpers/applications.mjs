// The applications that people sign in to: what each is made of, and what a person does at its pages. For each
// - `adapter`: that whose views it finds its users in;
// - `open(app, services)`: its `handle`, which makes a Response of a Request, and how to close it;
// - `pages(browser)`: what a person does there, in whose answers an error is a parameter of the page's address;
// - `errors`: what a page says that a person ends at: `taken` when the e-mail address is another account's, `late` to all but one of
//   those who sign up as the same person at once, `used` to whoever opens a link a second time;
// - `writesCustom: false`: its adapter drops properties that it does not know.
import { Auth } from "@auth/core";
import { genericOAuth, magicLink } from "better-auth/plugins";
import { API, ORIGIN } from "../../helpers/browser.mjs";
import { fromPagesAPI, HOME, nextAuthPages } from "../../helpers/next-auth.mjs";
import { client } from "../../helpers/oidc-server.mjs";
import { customOf, DAY, issuers, MAX_AGE, profileOf } from "../../helpers/sign-in.mjs";
import betterAuth, { additionalFields } from "../adapters/better-auth.mjs";
import { adapters } from "../adapters/index.mjs";
import prisma, { connectPrisma } from "../adapters/prisma.mjs";
import typeorm, { declareColumns } from "../adapters/typeorm.mjs";
import { custom, poolOf } from "./application.mjs";

const secret = "8pzU2mVqT4wXk1sR7yLd0aHf5gJc9eBn";
const silent = { error() {}, warn() {}, debug() {} };

/** The options that Auth.js and next-auth 4 have in common. */
const options = (adapter, { beforeCreate }) => ({
  adapter: {
    ...adapter,
    async createUser(user) {
      await beforeCreate();
      return adapter.createUser(user);
    },
  },
  secret, session: { strategy: "database", maxAge: MAX_AGE, updateAge: DAY }, logger: silent,
  callbacks: { session: ({ session: found, user }) => ({ ...found, user }) },
});

const email = ({ mail }) => ({
  id: "email", type: "email", name: "E-mail", from: "auth@app.example", maxAge: DAY, options: {},
  sendVerificationRequest: async ({ url }) => mail.push(url),
});

const provider = (name, { issuer }) => ({
  id: name, name, ...client, issuer: issuer(name), wellKnown: `${issuer(name)}/.well-known/openid-configuration`, profile: profileOf,
  checks: ["pkce", "state"], allowDangerousEmailAccountLinking: name === "trusted",
});

/** @auth/core with one of today's adapters. */
const authjs = (adapter) => ({
  ...adapter,
  adapter: adapter.name,
  name: `@auth/core, ${adapter.name}`,
  pages: nextAuthPages,
  errors: { taken: "OAuthAccountNotLinked", late: "Configuration", used: "Verification" },
  async open(app, services) {
    const { adapter: methods, close } = await adapter.open(app, custom);
    const config = {
      ...options(methods, services), basePath: "/api/auth", trustHost: true,
      providers: [...issuers.map((name) => ({ ...provider(name, services), type: "oidc", idToken: name !== "second" })), email(services)],
    };
    return { handle: (request) => Auth(request, config), close };
  },
});

/** next-auth 4 with the adapter that `open` makes, as those in adapters/ do. */
const nextAuth4 = (name, traits) => ({
  ...traits,
  name: `next-auth 4, ${name}`,
  pages: nextAuthPages,
  errors: { taken: "OAuthAccountNotLinked", late: "OAuthCreateAccount", used: "Verification" },
  async open(app, services) {
    process.env.NEXTAUTH_URL = API;
    const [{ default: module }, { adapter, close }] = await Promise.all([import("next-auth-4"), traits.open(app, custom)]);
    const oauth = { type: "oauth", idToken: true, authorization: { params: { scope: "openid email profile" } } };
    const providers = [...issuers.map((id) => ({ ...provider(id, services), ...oauth })), email(services)];
    return { handle: fromPagesAPI(module.default({ ...options(adapter, services), providers })), close };
  },
});

/** Better Auth, whose providers are a plugin's. */
const betterAuthApplication = {
  ...betterAuth,
  adapter: "better-auth",
  name: "better-auth",
  errors: { taken: "account_not_linked", late: "unable_to_create_user", used: "INVALID_TOKEN" },
  pages(browser) {
    const urls = { callbackURL: HOME, errorCallbackURL: HOME };
    const ask = async (path, provider, account) => browser.open((await (await browser.postJSON(path, { provider, ...urls })).json()).url, account);
    return {
      signIn: (provider, account) => ask("/sign-in/social", provider, account),
      link: (provider, account) => ask("/link-social", provider, account),
      askForLink: (email) => browser.postJSON("/sign-in/magic-link", { email, ...urls }),
      open: browser.open,
      async session() {
        const found = await browser.json("/get-session");
        return found && { user: found.user, expires: found.session.expiresAt };
      },
      signOut: () => browser.postJSON("/sign-out", {}),
    };
  },
  async open(app, { issuer, mail, beforeCreate }) {
    const config = issuers.map((providerId) => ({
      providerId, ...client, discoveryUrl: `${issuer(providerId)}/.well-known/openid-configuration`, scopes: ["openid", "profile", "email"],
      pkce: true, mapProfileToUser: customOf,
    }));
    // Those who sign up at once each have a transaction open.
    const database = poolOf({ ...app, max: 10 }, this.schema);
    const { auth, close } = await betterAuth.open(app, {
      database, baseURL: ORIGIN, secret, rateLimit: { enabled: false }, logger: { disabled: true },
      session: { expiresIn: MAX_AGE, updateAge: DAY },
      account: { accountLinking: { trustedProviders: ["trusted"] } },
      user: { additionalFields },
      databaseHooks: { user: { create: { before: beforeCreate } } },
      plugins: [genericOAuth({ config }), magicLink({ sendMagicLink: async ({ url }) => mail.push(url) })],
    });
    return { handle: (request) => auth.handler(request), close: () => Promise.all([close(), database.end()]) };
  },
};

const nextAuthPrisma = nextAuth4("@next-auth/prisma-adapter", {
  adapter: "prisma",
  skip: adapters.find(({ name }) => name === "prisma").skip,
  async open(app, custom) {
    const [{ PrismaAdapter }, { prisma: client, close }] =
      await Promise.all([import("@next-auth/prisma-adapter"), connectPrisma(app, prisma.schema, custom)]);
    return { adapter: PrismaAdapter(client), close };
  },
});

const nextAuthTypeORM = nextAuth4("@next-auth/typeorm-legacy-adapter", {
  adapter: "typeorm",
  async open({ user: username, ...app }, custom) {
    const { default: { entities, TypeORMLegacyAdapter } } = await import("@next-auth/typeorm-legacy-adapter");
    declareColumns(entities, custom);
    const adapter = TypeORMLegacyAdapter({ type: "postgres", ...app, username, schema: typeorm.schema, synchronize: false });
    return { adapter, close: () => adapter.__disconnect() };
  },
});

export const applications = [...adapters.map(authjs), nextAuthPrisma, nextAuthTypeORM, betterAuthApplication];
