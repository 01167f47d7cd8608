/** The values of Set-Cookie. Node.js 18.20 as Debian 12 has it gives them as one only; a date in them has a comma, too. */
export const setCookies = (headers) => headers.getSetCookie?.() ??
  (headers.get("set-cookie") ?? "").split(/,\s*(?=[^\s;,=]+=)/).filter(Boolean);
