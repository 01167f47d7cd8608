// An OpenID provider on loopback: discovery, authorization with PKCE, tokens signed by RS256, userinfo and keys.
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";

/** The one application that it knows. */
export const client = { clientId: "an application", clientSecret: "its secret" };

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...publicKey.export({ format: "jwk" }), kid: "the key", alg: "RS256", use: "sig" };
const base64url = (value) => Buffer.from(value).toString("base64url");

function signed(claims) {
  const content = [{ alg: key.alg, kid: key.kid, typ: "JWT" }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  return `${content}.${base64url(sign("sha256", Buffer.from(content), privateKey))}`;
}

/** Whether a request for tokens comes from the application: by HTTP's Basic, whose parts are encoded like a form's, or in the form. */
function isClient({ authorization = "" }, form) {
  const [id, secret] = authorization.startsWith("Basic ")
    ? Buffer.from(authorization.slice(6), "base64").toString().split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")))
    : [form.get("client_id"), form.get("client_secret")];
  return id === client.clientId && secret === client.clientSecret;
}

/**
 * Starts as many issuers as are asked for, each at a path of its own: `issuer(name)` is the address of one.
 *
 * Whoever comes to an issuer's authorization endpoint says in the parameter `account` who they are; `claimsOf(account, issuer's name)`
 * are the claims. `tokens` are those that were given out, by access token.
 */
export async function startOpenIDProvider(claimsOf) {
  const codes = new Map();
  const tokens = new Map();
  const server = http.createServer();
  const issuer = (name) => `http://127.0.0.1:${server.address().port}/${name}`;

  const endpoints = {
    ".well-known/openid-configuration": (name) => ({
      issuer: issuer(name), authorization_endpoint: `${issuer(name)}/authorize`, token_endpoint: `${issuer(name)}/token`,
      userinfo_endpoint: `${issuer(name)}/userinfo`, jwks_uri: `${issuer(name)}/jwks`, response_types_supported: ["code"],
      subject_types_supported: ["public"], id_token_signing_alg_values_supported: [key.alg], code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    }),
    jwks: () => ({ keys: [key] }),

    authorize(name, { query }) {
      const request = Object.fromEntries(query);
      if (request.client_id !== client.clientId || request.response_type !== "code" || !request.account) return undefined;
      const code = randomUUID();
      codes.set(code, { name, ...request });
      const location = new URL(request.redirect_uri);
      location.searchParams.set("code", code);
      if (request.state) location.searchParams.set("state", request.state);
      return { location: location.href };
    },

    token(name, { headers, body }) {
      const form = new URLSearchParams(body);
      const granted = codes.get(form.get("code"));
      codes.delete(form.get("code")); // it is good for one use
      const verifier = form.get("code_verifier");
      const challenge = verifier && createHash("sha256").update(verifier).digest("base64url");
      if (granted?.name !== name || granted.redirect_uri !== form.get("redirect_uri") || !isClient(headers, form) ||
          (granted.code_challenge && granted.code_challenge !== challenge)) return undefined;

      const now = Math.floor(Date.now() / 1000);
      const claims = claimsOf(granted.account, name);
      const { nonce } = granted;
      const answer = {
        access_token: randomUUID(), refresh_token: randomUUID(), token_type: "bearer", expires_in: 3600, scope: "openid profile email",
        id_token: signed({ iss: issuer(name), aud: client.clientId, iat: now, exp: now + 3600, ...claims, ...(nonce && { nonce }) }),
      };
      tokens.set(answer.access_token, { ...answer, claims });
      return answer;
    },

    userinfo: (name, { headers }) => tokens.get(headers.authorization?.replace(/^Bearer /i, ""))?.claims,
  };

  server.on("request", async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url, "http://127.0.0.1");
    const [, name, endpoint] = /^\/([^/]+)\/(.+)$/.exec(pathname);
    const { location, ...answer } = endpoints[endpoint]?.(name, { query, headers: request.headers, body: await text(request) }) ??
      { error: "invalid_request" };
    response.writeHead(location ? 302 : answer.error ? 400 : 200, location ? { location } : { "content-type": "application/json" })
      .end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { issuer, tokens, close };
}
