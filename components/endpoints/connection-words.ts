import type { ConnectionFailure, ConnectionTestView } from "@/lib/management/contract/endpoints";

/** Hints for each connection failure. The response says what happened. */
const WHERE_TO_LOOK: Record<ConnectionFailure, { token: string; backend: string }> = {
  unreachable: {
    token: "Check the token URL's host and port, and that gateways can reach it.",
    backend: "Check the backend URL's host and port, and that gateways can reach it.",
  },
  timeout: {
    token: "Check the token URL and network, or raise the timeout in Advanced token settings.",
    backend: "Check the backend URL and network, or raise the timeout.",
  },
  tls: {
    token: "Check the token endpoint's certificate. Add a private CA in Advanced token settings.",
    backend: "Check the backend's certificate. Add a private CA under TLS.",
  },
  notAllowed: {
    token: "Outbound rules block this address. Ask your operator.",
    backend: "Outbound rules block this address. Ask your operator.",
  },
  refused: {
    token:
      "Check the client ID and secret, and the user for the password grant. Some servers require body or raw Basic credentials: see Advanced token settings.",
    backend: "Check the username, the password, and the security type that the backend requires.",
  },
  rateLimited: {
    token: "The token endpoint returned 429. Wait, then test again.",
    backend: "The backend returned 429. Wait, then test again.",
  },
  serverError: {
    token: "The token endpoint failed. Check its log.",
    backend: "The backend failed. Check its log.",
  },
  notAToken: {
    token: "Check that the token URL is the token endpoint, not a web page or a redirect.",
    backend: "Check the backend URL.",
  },
  notHttp: {
    token: "The response isn't HTTP. Check the token URL's scheme and port.",
    backend: "The response isn't HTTP. Check the backend URL's scheme and port.",
  },
};

/** Returns a hint for a failed test; null after success. */
export function whereToLook({ asked, kind }: Pick<ConnectionTestView, "asked" | "kind">): string | null {
  if (kind === null) return null;
  return WHERE_TO_LOOK[kind][asked === "tokenEndpoint" ? "token" : "backend"];
}

/** Summarizes the result in one line. */
export function resultTitle({ ok, asked }: Pick<ConnectionTestView, "ok" | "asked">): string {
  if (asked === "tokenEndpoint") return ok ? "Token received" : "No token received";
  return ok ? "The backend responded" : "The backend test failed";
}

const amount = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? "" : "s"}`]);

/** Formats a duration in at most two units: "45 seconds", "59 minutes 59 seconds", "1 hour", "2 days 3 hours". */
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

/** Describes how long a gateway caches a token. */
export const lifetimeInWords = (seconds: number) => (seconds === 0 ? "Not cached: every request fetches a token" : secondsInWords(seconds));
