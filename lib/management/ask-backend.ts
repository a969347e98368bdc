import type { Endpoint } from "@/lib/definition/schema";
import { isTlsFailure } from "@/lib/gateway/endpoint-security/transport-failure";
import { createGateway } from "@/lib/gateway/gateway";
import { Caller } from "@/lib/gateway/http/caller";
import type { AccessRecord } from "@/lib/gateway/ports";
import { environment } from "@/lib/platform/env";
import { outbound } from "@/lib/platform/outbound/own";
import type { ConnectionFailure, ConnectionTestView } from "./contract/endpoints";

/** Nobody waits longer for a test, whatever calls of the endpoint may take. */
const TEST_MS_MAX = 15_000;
const NO_TOKEN = { tokenType: null, expiresInSeconds: null, scope: null, hasRefreshToken: false } as const;

const KINDS: Readonly<Record<string, ConnectionFailure>> = {
  BACKEND_TIMEOUT: "timeout",
  BACKEND_NOT_ALLOWED: "notAllowed",
  BACKEND_INVALID_RESPONSE: "notHttp",
  BACKEND_HEADERS_TOO_LARGE: "notHttp",
  BACKEND_AUTHORIZATION_REFUSED: "refused",
};

const STORIES: Partial<Record<ConnectionFailure, string>> = {
  timeout: "The backend did not answer in time.",
  notAllowed: "The gateway may not call this backend.",
  notHttp: "The backend answered with something that is not HTTP.",
  refused: "The backend does not accept these credentials.",
  tls: "TLS with the backend failed.",
  unreachable: "The backend cannot be reached.",
};

/** What the gateway said instead of the backend, or what the backend's status says about the credentials. */
function verdict(
  status: number,
  { code, reason = "" }: Pick<AccessRecord, "code" | "reason">,
): Pick<ConnectionTestView, "kind" | "message" | "status"> {
  if (code !== undefined) {
    // The reason of a connection that failed begins with the code of its error.
    const kind = KINDS[code] ?? (isTlsFailure(reason.split(":", 1)[0] ?? "", reason) ? "tls" : "unreachable");
    return { kind, message: `${STORIES[kind] ?? STORIES.unreachable} ${reason}`.trim(), status: kind === "refused" ? 401 : null };
  }
  const says = `The backend answered with the status ${status}`;
  if (status === 401 || status === 403)
    return { kind: "refused", message: `${says}: it asks for credentials that this endpoint does not send.`, status };
  if (status >= 500) return { kind: "serverError", message: `${says}.`, status };
  return { kind: null, message: `${says}.`, status };
}

/**
 * Sends one GET to the URL of an endpoint, with the endpoint's security, by the code of the gateway itself. Nothing of the
 * answer but its status is read.
 * @param secrets by slot, without the endpoint's place
 */
export async function askBackend(
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
    const said = verdict(status, record);
    return { ...said, ...NO_TOKEN, ok: said.kind === null, asked: "backend", durationMs: performance.now() - startedAt };
  } finally {
    // What has not arrived of the answer is of no interest.
    caller.leave();
    void gateway.close();
  }
}
