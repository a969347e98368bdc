import { deployed } from "../testing/fixtures";
import { type AdapterName, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { BASE, MARKER, type RealBackend } from "./backends";
import { RawClient, type RawReply } from "./raw-client";

/** One way in which an API protects the areas of a backend. */
export interface Guard {
  name: string;
  /** The path of the backend's URL. */
  base: string;
  definition: Record<string, unknown>;
}

const token = { policy: "oauth2", config: { resource: "as" } };
const flow = (path: string, methods: readonly string[] = []) => ({
  match: { path, operator: "startsWith", methods },
  request: [token],
});
const open = (path: string) => ({ match: { path, operator: "startsWith", methods: [] }, request: [] });

/** Flows that require a token for everything. */
export const CLOSED = [flow("/")];

/** Flows that leave open what other APIs are there to protect: `private` and `tasks`. */
export const LEFT_TO_OTHERS = [flow("/app"), flow("/t/:tenant/private")];

const below = (base: string) => [flow(`${base}/private`), flow(`${base}/tasks`), flow(`${base}/t/:tenant/private`)];
const areas = [...below(""), ...below(BASE)];

/** Everything is open but the protected areas, in all the forms in which an API can say so. */
export const GUARDS: readonly Guard[] = [
  { name: "three flows", base: "", definition: { flows: areas } },
  { name: "; and %2f allowed", base: "", definition: { flows: areas, paths: { allowSemicolon: true, allowEncodedSlash: true } } },
  {
    name: "the best flow only",
    base: "",
    definition: { flows: [open("/"), ...areas, open("/public"), open("/:any/:thing"), open("/t/:x")], flowSelection: "best" },
  },
  {
    name: "the best flow only, ; and %2f allowed",
    base: "",
    definition: {
      flows: [open("/"), ...areas, open("/public"), open("/:any/:thing"), open("/t/:x")],
      flowSelection: "best",
      paths: { allowSemicolon: true, allowEncodedSlash: true },
    },
  },
  { name: "a backend below a path", base: BASE, definition: { flows: areas } },
  {
    name: "a backend below a path, ; and %2f allowed",
    base: `${BASE}/`,
    definition: { flows: areas, paths: { allowSemicolon: true, allowEncodedSlash: true } },
  },
  // Nothing is protected here: whatever is below /public may be called, and nothing may lead out of it.
  {
    name: "a backend below /public",
    base: "/public",
    definition: { flows: [], paths: { allowSemicolon: true, allowEncodedSlash: true } },
  },
];

/** Some methods of some paths are protected, and everything else is open. */
export const METHOD_GUARD: Guard = {
  name: "methods",
  base: "",
  definition: { flows: [flow("/writes", ["POST", "PUT", "PATCH", "DELETE"]), flow("/reads", ["GET"]), flow("/removals", ["DELETE"])] },
};

const removeAdmin = {
  match: { path: "/", operator: "startsWith", methods: [] },
  request: [{ policy: "transform-headers", config: { remove: ["X-Admin"] } }],
};

/** Paths and methods are protected, a step removes a header, and some names pass that servers fold into others. */
export const MIXED_GUARD: Guard = {
  name: "mixed",
  base: "",
  definition: {
    headers: { allowOtherNames: ["X_Admin", "x.admin", "X_Api_Key"] },
    flows: [
      removeAdmin,
      ...below(""),
      ...[flow("/writes", ["POST", "PUT", "PATCH", "DELETE"]), flow("/reads", ["GET"]), flow("/removals", ["DELETE"])],
    ],
  },
};

/** The same where the API takes paths that servers read in different ways. */
export const MIXED_LENIENT_GUARD: Guard = {
  ...MIXED_GUARD,
  name: "mixed, ; and %2f allowed",
  definition: { ...MIXED_GUARD.definition, paths: { allowSemicolon: true, allowEncodedSlash: true } },
};

/** A gateway in front of some backends, one API for each pair of backend and guard. */
export interface GuardedGateway {
  running: RunningGateway;
  as: IntrospectionServer;
  client: RawClient;
  contextPath(backend: RealBackend, guard: Guard): string;
  close(): Promise<void>;
}

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** Starts a gateway that requires a token for the protected areas of every backend. The token `good` is active, for shop and alice. */
export async function startGuarded(
  backends: readonly RealBackend[],
  guards: readonly Guard[] = GUARDS,
  adapter: AdapterName = "node-http",
): Promise<GuardedGateway> {
  const [running, as] = await Promise.all([startGateway(adapter), startIntrospection()]);
  as.answers.set("good", { active: true, client_id: "shop", sub: "alice" });
  // Node drops the answers that are under way when a caller has sent all it will send. With this they are still written, so that
  // a test can end its side at once instead of waiting until nothing more seems to come.
  Object.assign(running.server.server, { httpAllowHalfOpen: true });
  const contextPath = (backend: RealBackend, guard: Guard) => `/${slug(backend.name)}/${slug(guard.name)}`;
  const apis = backends.flatMap((backend) =>
    guards.map((guard) =>
      deployed(
        {
          contextPath: contextPath(backend, guard),
          endpoints: { production: { url: backend.origin + guard.base } },
          resources: [
            { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
          ],
          ...guard.definition,
        },
        { "resources/as/clientSecret": "secret" },
        contextPath(backend, guard),
      ),
    ),
  );
  const problems = await running.gateway.replace(apis);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const client = new RawClient(running.server.port);
  return {
    running,
    as,
    client,
    contextPath,
    async close() {
      client.close();
      await Promise.all([running.close(), as.close()]);
    },
  };
}

/** Whether an answer comes from a protected handler. */
export const isProtected = (reply: RawReply): boolean => reply.text.includes(MARKER);
