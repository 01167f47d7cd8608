// What a person does at the pages of NextAuth.js and Auth.js, and how those of 3 and 4, which are written for Next.js, are called.
import { ORIGIN } from "./browser.mjs";

/** The page that everybody asks to be sent to. */
export const HOME = `${ORIGIN}/home`;

/** A person at their browser. What they open ends at HOME, or at a page that has the error in its address. */
export function nextAuthPages(browser) {
  const post = async (path, form = {}) => {
    const { csrfToken } = await browser.json("/csrf");
    const response = await browser.postForm(path, { csrfToken, callbackUrl: HOME, ...form });
    return response.headers.get("location");
  };
  const signIn = async (provider, account) => browser.open(await post(`/signin/${provider}`), account);
  return {
    signIn,
    link: signIn,
    askForLink: async (email) => browser.open(await post("/signin/email", { email })),
    open: browser.open,
    session: async () => {
      const session = await browser.json("/session");
      return session?.user ? session : null;
    },
    signOut: () => post("/signout"),
  };
}

/** A handler of Next.js' pages as one of requests. */
export const fromPagesAPI = (handler) => async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  const [, nextauth] = /^\/api\/auth\/(.*)$/.exec(pathname);
  const body = await request.text();
  const cookies = [...(request.headers.get("cookie") ?? "").matchAll(/([^=;\s]+)=([^;]*)/g)];
  return new Promise((resolve, reject) => {
    const headers = new Map();
    let status = 200;
    const response = {
      status(code) {
        status = code;
        return response;
      },
      getHeader: (name) => headers.get(name.toLowerCase()),
      setHeader(name, value) {
        headers.set(name.toLowerCase(), value);
        return response;
      },
      end: (content) =>
        resolve(new Response(content, { status, headers: [...headers].flatMap(([name, value]) => [value].flat().map((one) => [name, one])) })),
      send: (content) => response.end(content && typeof content === "object" ? JSON.stringify(content) : content),
      json: (content) => response.end(JSON.stringify(content)),
      redirect(...args) {
        status = args.length > 1 ? args.shift() : 307;
        return response.setHeader("location", args[0]).end();
      },
    };
    Promise.resolve(handler({
      method: request.method, headers: Object.fromEntries(request.headers),
      query: { ...Object.fromEntries(searchParams), nextauth: nextauth.split("/") },
      cookies: Object.fromEntries(cookies.map(([, name, value]) => [name, decodeURIComponent(value)])),
      body: Object.fromEntries(new URLSearchParams(body)),
    }, response)).catch(reject);
  });
};
