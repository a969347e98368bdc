const COOKIE_WRITE = { file: "lib/management/http/cookie-write.ts", test: "lib/management/http/cookie-write.test.ts" };
const LOGIN = { file: "lib/platform/login-throttle.ts", test: "lib/platform/login-throttle.test.ts" };
const SESSIONS = { file: "lib/platform/sessions.ts", test: "lib/platform/sessions.integration.test.ts" };

/** Faults of sign-in, sessions and what protects them. @type {import("./mutant.mjs").Mutant[]} */
export const SIGN_IN_MUTANTS = [
  {
    ...COOKIE_WRITE,
    fault: "another site writes with the session cookie",
    from: 'return site === "same-origin";',
    to: "return true;",
  },
  {
    ...COOKIE_WRITE,
    fault: "an Origin of another site is taken for the console's",
    from: "if (!isSameOrigin(request))",
    to: 'if (!isSameOrigin(request) && request.headers.get("origin") === null)',
  },
  {
    ...COOKIE_WRITE,
    fault: "a form writes with the session cookie",
    from: 'if (type !== "application/json")',
    to: 'if (type === "text/html")',
  },
  {
    ...LOGIN,
    fault: "a successful sign-in clears what its address did wrong",
    from: "await counters.giveBack(wider);",
    to: "await counters.clear(wider);",
  },
  {
    ...LOGIN,
    fault: "strangers lock out a browser that has signed in before",
    from: "if (device !== null) return",
    to: 'if (device === "") return',
  },
  {
    ...SESSIONS,
    fault: "a session goes on without use",
    from: " || row.seenAt <= idleSince) return null;",
    to: ") return null;",
  },
  {
    ...SESSIONS,
    fault: "a session has no absolute end",
    from: "row.expiresAt <= now || ",
    to: "",
  },
  {
    ...SESSIONS,
    fault: "a new password ends no session",
    from: "if (row.passwordId !== sha256(passwordHash)) return null;",
    to: "",
  },
  {
    ...SESSIONS,
    fault: "the database holds the ids that open sessions",
    from: "const data = { idHash: sha256(id), userId,",
    to: "const data = { idHash: id, userId,",
  },
  {
    file: "lib/platform/device-cookie.ts",
    test: "lib/platform/device-cookie.test.ts",
    fault: "a made-up cookie makes a browser a known one",
    from: "given.length === expected.length && timingSafeEqual(given, expected)",
    to: "given.length === expected.length",
  },
  {
    file: "lib/platform/device-cookie.ts",
    test: "lib/platform/device-cookie.test.ts",
    fault: "a browser stays known after a new password",
    from: "[owner.id, owner.passwordHash, nonce, endsAt]",
    to: "[owner.id, nonce, endsAt]",
  },
  {
    file: "lib/platform/auth-request.ts",
    test: "lib/platform/session.test.ts",
    fault: "signing in leads to another site",
    from: "return origin === new URL(base).origin ? href : null;",
    to: "return href.startsWith(base) ? href : null;",
  },
];
