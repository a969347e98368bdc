import { randomUUID } from "node:crypto";
import { clientAddress } from "@/lib/client-address/client-address";
import type { Served } from "../compile/snapshots";
import type { Refusal } from "../errors";
import type { Exchange, GatewayRequest, Permit, TraceEntry } from "../exchange";
import { type CallerHeaders, readCallerHeaders } from "../http/caller-headers";
import type { HeaderList } from "../http/headers";
import type { Target } from "../http/target";
import type { StepRun } from "../ports";
import type { UpstreamCall } from "../upstream/contract";

const trustsNobody = () => false;

const NO_STEPS: Call["requestSteps"] = [];

/** A request in the pipeline: the exchange of its steps, and what the gateway learned about it. */
export class Call implements Exchange, UpstreamCall {
  readonly startedAt = performance.now();
  readonly requestId: string = randomUUID();
  readonly caller: CallerHeaders;
  readonly method: string;
  readonly authorization: string | null;
  readonly requestHeaders: HeaderList;
  readonly explain: ((text: string) => void) | undefined;
  readonly trace: TraceEntry[] | undefined;
  readonly runs: StepRun[] = [];
  identity: Exchange["identity"] = null;
  payload: Exchange["payload"] = null;
  tokenChecks: Exchange["tokenChecks"] = null;
  /** Of the flows that it matched. */
  requestSteps: readonly { readonly scopes: readonly string[] }[] = NO_STEPS;
  permits?: Permit[];
  /** Why the open request was ended. */
  ended: Refusal | null = null;
  /** Path below the context path. */
  path = "/";
  /** The forwarded path: empty if the request was for the context path itself. */
  rest = "";
  /** Public prefix, and the host sent to the backend; set when the backend is called. */
  prefix = "";
  forwardedHost = "";
  /** Number of backend cookies over the limits. */
  cookiesLeftOut = 0;
  /** Transfer codings of the backend's response that the gateway doesn't decode. */
  transferCoding: string | null = null;
  query = "";
  upgrade = false;
  target: Target | null = null;
  served: Served | null = null;
  flow: string | null = null;
  answeredBy: string | null = null;
  sentAt = 0;
  credentialsMs: number | null = null;
  backendMs: number | null = null;
  /** Explanation of the running step. */
  explanation = "";

  get callerHeaders(): readonly string[] {
    return this.request.rawHeaders;
  }

  get targetPath(): string {
    return this.target?.path ?? "/";
  }

  get peerAddress(): string {
    return this.request.peerAddress;
  }

  get clientAddress(): string {
    return clientAddress(this.request.peerAddress, this.caller.forwardedFor, this.served?.api?.trustsProxy ?? trustsNobody);
  }

  requiredScopes(): readonly string[] {
    return [...new Set(this.requestSteps.flatMap(({ scopes }) => scopes))];
  }

  constructor(readonly request: GatewayRequest) {
    this.caller = readCallerHeaders(request.rawHeaders);
    this.method = request.method;
    this.authorization = this.caller.authorization;
    this.requestHeaders = this.caller.headers;
    this.trace = request.trace;
    this.explain = request.trace
      ? (text) => {
          this.explanation = text;
        }
      : undefined;
  }
}
