import type { ConnectionFailure, ConnectionTestView } from "@/lib/management/contract/endpoints";

/** Where to look when a connection did not come about; what happened is said by the answer itself. */
const WHERE_TO_LOOK: Record<ConnectionFailure, { token: string; backend: string }> = {
  unreachable: {
    token: "Check the host and the port of the token URL, and that gateways reach it from where they run.",
    backend: "Check the host and the port of the backend URL, and that gateways reach it from where they run.",
  },
  timeout: {
    token: "Check the token URL and what stands between. A server that needs longer gets it under Advanced token settings.",
    backend: "Check the backend URL and what stands between. A backend that needs longer gets a longer timeout.",
  },
  tls: {
    token:
      "Check the token endpoint's certificate. One that an authority of your own signed needs that authority's certificate under Advanced token settings.",
    backend: "Check the backend's certificate. One that an authority of your own signed needs that authority's certificate under TLS.",
  },
  notAllowed: {
    token: "Gateways may not call this address. Whoever runs them can allow it.",
    backend: "Gateways may not call this address. Whoever runs them can allow it.",
  },
  refused: {
    token:
      "Check the client id and secret, and for the password grant the user. Some servers want the client in the body or its Basic credentials raw: see Advanced token settings.",
    backend: "Check the user name and the password, and that the type of security is the one that the backend asks for.",
  },
  rateLimited: {
    token: "The token endpoint wants fewer requests. Wait, then test again.",
    backend: "The backend wants fewer requests. Wait, then test again.",
  },
  serverError: {
    token: "The token endpoint has a problem of its own. Its log says more.",
    backend: "The backend has a problem of its own. Its log says more.",
  },
  notAToken: {
    token: "Check that the token URL is the token endpoint itself, and not a page or something that redirects.",
    backend: "Check the backend URL.",
  },
  notHttp: {
    token: "Something else than HTTP answers there. Check the scheme and the port of the token URL.",
    backend: "Something else than HTTP answers there. Check the scheme and the port of the backend URL.",
  },
};

/** Where to look; null when all is well. */
export function whereToLook({ asked, kind }: Pick<ConnectionTestView, "asked" | "kind">): string | null {
  if (kind === null) return null;
  return WHERE_TO_LOOK[kind][asked === "tokenEndpoint" ? "token" : "backend"];
}

/** The result in a line. */
export function resultTitle({ ok, asked }: Pick<ConnectionTestView, "ok" | "asked">): string {
  if (asked === "tokenEndpoint") return ok ? "The token endpoint gave a token" : "No token came of it";
  return ok ? "The backend answered" : "The backend did not answer as it should";
}

const amount = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? "" : "s"}`]);

/** A stretch of time in at most two units: "45 seconds", "59 minutes 59 seconds", "1 hour", "2 days 3 hours". */
export function secondsInWords(seconds: number): string {
  const parts = [
    amount(Math.floor(seconds / 86_400), "day"),
    amount(Math.floor(seconds / 3600) % 24, "hour"),
    amount(Math.floor(seconds / 60) % 60, "minute"),
    amount(Math.floor(seconds) % 60, "second"),
  ];
  const first = parts.findIndex((part) => part.length > 0);
  return first < 0
    ? "0 seconds"
    : parts
        .slice(first, first + 2)
        .flat()
        .join(" ");
}

/** How long a gateway would keep a token. */
export const lifetimeInWords = (seconds: number) =>
  seconds === 0 ? "Over at once: every call would wait for a new one" : secondsInWords(seconds);
