/** What a browser does with the console's cookies, without a browser. */
export interface BrowserSession {
  /** Sends the jar's cookies and keeps what comes back. Redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a form to next-auth with its CSRF token, as the sign-in page does. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** Signs in; answers `ok`, or next-auth's error. */
  signIn(email: string, password: string, headers?: Record<string, string>): Promise<string>;
  signOut(): Promise<Response>;
  /** The value of the cookie whose name ends so; undefined without one. */
  cookie(nameEnd: string): string | undefined;
  /** Another browser with a copy of this one's cookies. */
  copy(): BrowserSession;
}

/** The cookies that an answer sets or, with an empty value, removes. */
export const setCookies = (response: Response): [name: string, value: string][] =>
  response.headers.getSetCookie().map((line) => {
    const pair = line.split(";", 1)[0] ?? "";
    return [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
  });

/** A browser on the console at `url`, with no cookies or with these. */
export function browserSession(url: string, jar: Map<string, string> = new Map()): BrowserSession {
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url + path, { redirect: "manual", ...init, headers });
    for (const [name, value] of setCookies(response)) {
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const { csrfToken } = (await (await send("/api/auth/csrf", { headers })).json()) as { csrfToken: string };
    return send(path, { method: "POST", headers, body: new URLSearchParams({ csrfToken, json: "true", ...fields }) });
  };
  return {
    fetch: send,
    post,
    async signIn(email, password, headers) {
      const response = await post("/api/auth/callback/credentials", { email, password }, headers);
      const { url: target } = (await response.json()) as { url: string };
      return new URL(target, url).searchParams.get("error") ?? "ok";
    },
    signOut: () => post("/api/auth/signout", {}),
    cookie: (nameEnd) => [...jar].find(([name]) => name.endsWith(nameEnd))?.[1],
    copy: () => browserSession(url, new Map(jar)),
  };
}
