// A browser, as far as signing in takes one: it keeps an application's cookies, and goes where it is sent.
import { setCookies } from "../authjs/helpers/cookies.mjs";

/** Where the application of a test is. */
export const ORIGIN = "https://app.example";
export const API = `${ORIGIN}/api/auth`;

/** A browser of one person; `handle` is the application, which makes a Response of a Request. */
export function openBrowser(handle, headers = {}) {
  const cookies = new Map();

  async function send(url, { type, ...init } = {}) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const ofRequest = { ...headers, ...(type && { "content-type": type }), origin: ORIGIN, cookie };
    const response = await handle(new Request(url, { ...init, headers: ofRequest }));
    for (const cookie of setCookies(response.headers)) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value && !/;\s*max-age=0(;|$)/i.test(cookie)) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  const get = (path) => send(`${API}${path}`);
  const post = (path, body, type) => send(`${API}${path}`, { method: "POST", body, type });

  return {
    get,
    json: async (path) => (await get(path)).json(),
    postForm: (path, form) => post(path, `${new URLSearchParams(form)}`, "application/x-www-form-urlencoded"),
    postJSON: (path, body) => post(path, JSON.stringify(body), "application/json"),

    /** Opens an address, and whatever it leads to; at a provider it is this account's. Returns the address where it stops. */
    async open(url, account) {
      for (let at = new URL(url); ;) {
        if (at.origin === ORIGIN && !at.href.startsWith(API)) return at;
        if (at.origin !== ORIGIN) at.searchParams.set("account", account);
        const response = await (at.origin === ORIGIN ? send(at) : fetch(at, { redirect: "manual" }));
        const location = response.headers.get("location");
        if (!location) return at;
        at = new URL(location, at);
      }
    },
  };
}
