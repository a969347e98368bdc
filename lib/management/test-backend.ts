import type { Endpoint } from "@/lib/definition/schema";
import { isTlsFailure } from "@/lib/gateway/endpoint-security/transport-failure";
import { createGateway } from "@/lib/gateway/gateway";
import { Caller } from "@/lib/gateway/http/caller";
import type { AccessRecord } from "@/lib/gateway/ports";
import { environment } from "@/lib/platform/env";
import { outbound } from "@/lib/platform/outbound/own";
import type { ConnectionFailure, ConnectionTestView } from "./contract/endpoints";

/** Time limit of a test, even if the endpoint's timeout is longer. */
const TEST_MS_MAX = 15_000;
const NO_TOKEN = { tokenType: null, expiresInSeconds: null, scope: null, hasRefreshToken: false } as const;

const KINDS: Readonly<Record<string, ConnectionFailure>> = {
  BACKEND_TIMEOUT: "timeout",
  BACKEND_NOT_ALLOWED: "notAllowed",
  BACKEND_INVALID_RESPONSE: "notHttp",
  BACKEND_HEADERS_TOO_LARGE: "notHttp",
  BACKEND_AUTHORIZATION_REFUSED: "refused",
};

const MESSAGES: Partial<Record<ConnectionFailure, string>> = {
  timeout: "The backend didn't respond in time.",
  notAllowed: "Outbound rules block this backend.",
  notHttp: "The backend's response isn't valid HTTP.",
  refused: "The backend rejected these credentials.",
  tls: "The TLS connection to the backend failed.",
  unreachable: "The backend is unreachable.",
};

/** Derives the test result from the gateway's error or the backend's status. */
function resultOf(
  status: number,
  { code, reason = "" }: Pick<AccessRecord, "code" | "reason">,
): Pick<ConnectionTestView, "kind" | "message" | "status"> {
  if (code !== undefined) {
    // The reason of a failed connection starts with its error code.
    const kind = KINDS[code] ?? (isTlsFailure(reason.split(":", 1)[0] ?? "", reason) ? "tls" : "unreachable");
    return { kind, message: `${MESSAGES[kind] ?? MESSAGES.unreachable} ${reason}`.trim(), status: kind === "refused" ? 401 : null };
  }
  const returned = `The backend returned status ${status}`;
  if (status === 401 || status === 403)
    return { kind: "refused", message: `${returned}: it requires credentials that this endpoint doesn't send.`, status };
  if (status >= 500) return { kind: "serverError", message: `${returned}.`, status };
  return { kind: null, message: `${returned}.`, status };
}

/**
 * Sends one GET to an endpoint's URL with its endpoint security, through a temporary gateway. Reads only the response's status.
 * @param secrets by slot within the endpoint
 */
export async function testBackend(
  endpoint: Endpoint,
  secrets: ReadonlyMap<string, { value: string; version: string }>,
): Promise<ConnectionTestView> {
  const { gatewayUrl } = environment();
  let record: Pick<AccessRecord, "code" | "reason"> = {};
  const gateway = createGateway(
    {
      now: Date.now,
      log: (written) => {
        record = written;
      },
      builtinServer: () => null,
      endedTokens: () => ({ revoked: new Set(), clients: new Map() }),
      opaqueToken: async () => null,
    },
    { publicUrl: gatewayUrl, metadataUrl: gatewayUrl, outbound: outbound(), sharesConsoleOrigin: false },
  );
  const caller = new Caller();
  const startedAt = performance.now();
  try {
    const production = { ...endpoint, timeoutMs: Math.min(endpoint.timeoutMs, TEST_MS_MAX) };
    const [problem] = await gateway.replace([
      {
        apiId: "test",
        deploymentNumber: 1,
        definition: { name: "Test", contextPath: "/test", endpoints: { production } },
        secrets: new Map([...secrets].map(([slot, secret]) => [`endpoints/production/${slot}`, secret])),
      },
    ]);
    if (problem) throw new Error(problem.message);
    const { status } = await gateway.handle({
      method: "GET",
      target: "/test",
      rawHeaders: ["accept", "*/*"],
      body: null,
      peerAddress: "127.0.0.1",
      caller,
    });
    const result = resultOf(status, record);
    return { ...result, ...NO_TOKEN, ok: result.kind === null, asked: "backend", durationMs: performance.now() - startedAt };
  } finally {
    // The rest of the response isn't needed.
    caller.leave();
    void gateway.close();
  }
}
