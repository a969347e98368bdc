import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PROOF_ALGORITHMS } from "../dpop/algorithms";
import { type ProofKey, proofKey } from "../dpop/testing";
import { type KeyServer, type SigningKey, signingKey, startKeyServer } from "../resources/oauth2-jwt/testing";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

const ISSUER = "https://idp.test";
const PUBLIC_URL = "http://gateway.test/gateway";
const ALGORITHMS = `algs="${PROOF_ALGORITHMS.join(" ")}"`;
const METADATA = 'resource_metadata="http://gateway.test/.well-known/oauth-protected-resource/gateway/orders"';

const RESOURCES = {
  "oauth2-builtin": () => ({ server: "default" }),
  "oauth2-jwt": (origin: string) => ({ issuer: ISSUER, jwksUrl: `${origin}/keys` }),
  "oauth2-introspection": (_: string, origin: string) => ({ introspectionEndpoint: `${origin}/introspect`, clientId: "gw" }),
} as const;
const TYPES = ["oauth2-builtin", "oauth2-jwt", "oauth2-introspection"] as const;
const cases = ADAPTERS.flatMap((adapter) => TYPES.map((type) => [adapter, type] as const));

describe.each(cases)("a token that is bound to a key, behind %s, checked by %s", (adapter, type) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;
  let keys: KeyServer;
  let key: SigningKey;
  let holder: ProofKey;
  let bound: string;
  let plain: string;

  const deploy = (config: Record<string, unknown> = {}) =>
    gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [{ name: "as", type, config: RESOURCES[type](keys.origin, as.origin) }],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as", ...config } }] }],
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);
  const issue = async (more: Record<string, unknown>) => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: "orders", sub: "a", client_id: "shop", jti: crypto.randomUUID(), iat, exp: iat + 600, ...more };
    const token = await key.sign(claims);
    as.answers.set(token, { active: true, ...claims });
    return token;
  };
  const proofFor = (path: string, token = bound, method = "GET") => holder.prove({ method, url: PUBLIC_URL + path, token });
  const send = (path: string, ...headers: string[]) => gateway.call(path, { headers });
  const codeOf = (body: string) => JSON.parse(body).error;

  beforeAll(async () => {
    [gateway, backend, as, keys, key, holder] = await Promise.all([
      startGateway(adapter),
      startBackend(),
      startIntrospection(),
      startKeyServer(),
      signingKey("k1"),
      proofKey(),
    ]);
    keys.answers.set("/keys", { json: { keys: [key.jwk] } });
    gateway.ports.servers.set("default", { id: "default", issuer: ISSUER, audience: "orders", enabled: true, keys: [key.jwk] });
    bound = await issue({ cnf: { jkt: holder.thumbprint } });
    plain = await issue({});
  });
  afterAll(() => Promise.all([gateway.close(), backend.close(), as.close(), keys.close()]));
  beforeEach(async () => {
    expect(await deploy()).toEqual([]);
    backend.calls.length = 0;
  });

  it("passes with a proof for each call, which the backend does not get", async () => {
    for (const path of ["/orders", "/orders/", "/orders/1?x=1", "/orders/%7e1"]) {
      const reply = await send(path, "authorization", `DPoP ${bound}`, "dpop", await proofFor(path));
      expect(reply.status).toBe(200);
    }
    expect(backend.calls).toHaveLength(4);
    for (const { headers } of backend.calls) {
      expect(headers).not.toHaveProperty("dpop");
      expect(headers).not.toHaveProperty("authorization");
      expect(headers["x-gatewright-client-id"]).toBe("shop");
    }
  });

  it("is passed on with its proof where the step passes tokens on", async () => {
    await deploy({ forwardToken: true });
    const proof = await proofFor("/orders");
    expect((await send("/orders", "Authorization", `dpop ${bound}`, "DPoP", proof)).status).toBe(200);
    expect(backend.calls[0]?.headers).toMatchObject({ authorization: `dpop ${bound}`, dpop: proof });
  });

  it("is refused when it is merely borne, with or without a proof", async () => {
    for (const proof of [[], ["dpop", await proofFor("/orders")]]) {
      const reply = await send("/orders", "authorization", `Bearer ${bound}`, ...proof);
      expect([reply.status, codeOf(reply.body)]).toEqual([401, "OAUTH2_INVALID_ACCESS_TOKEN"]);
      expect(reply.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token".*, DPoP algs="/);
    }
    expect(backend.calls).toHaveLength(0);
  });

  it("is refused without a good proof, and the challenge says that it is the proof", async () => {
    const used = await proofFor("/orders");
    expect((await send("/orders", "authorization", `DPoP ${bound}`, "dpop", used)).status).toBe(200);
    const stranger = await proofKey();
    const bad: string[][] = [
      [],
      ["dpop", ""],
      ["dpop", "nonsense"],
      ["dpop", used],
      ["dpop", await proofFor("/orders"), "dpop", await proofFor("/orders")],
      ["dpop", await proofFor("/orders/2")],
      ["dpop", await proofFor("/orders", bound, "POST")],
      ["dpop", await proofFor("/orders", plain)],
      ["dpop", await stranger.prove({ method: "GET", url: `${PUBLIC_URL}/orders`, token: bound })],
    ];
    for (const headers of bad) {
      const reply = await send("/orders", "authorization", `DPoP ${bound}`, ...headers);
      expect([reply.status, codeOf(reply.body)]).toEqual([401, "OAUTH2_INVALID_DPOP_PROOF"]);
      expect(reply.headers["www-authenticate"]).toBe(
        `DPoP realm="/orders", error="invalid_dpop_proof", error_description="The DPoP proof is missing, malformed, used already or not for this call", ${ALGORITHMS}, ${METADATA}`,
      );
    }
    expect(backend.calls).toHaveLength(1);
  });

  it("is not what a plain token becomes by being presented as one", async () => {
    const reply = await send("/orders", "authorization", `DPoP ${plain}`, "dpop", await proofFor("/orders", plain));
    expect([reply.status, codeOf(reply.body)]).toEqual([401, "OAUTH2_INVALID_ACCESS_TOKEN"]);
    expect(reply.headers["www-authenticate"]).toMatch(/^DPoP .*error="invalid_token"/);
    expect((await send("/orders", "authorization", `Bearer ${plain}`)).status).toBe(200);
  });

  it("is refused when it is bound in a way that cannot be checked", async () => {
    const bindings = [
      {},
      { jkt: 1 },
      { jkt: "short" },
      { "x5t#S256": holder.thumbprint },
      { jkt: holder.thumbprint, "x5t#S256": "x" },
      "text",
    ];
    for (const cnf of bindings) {
      const token = await issue({ cnf });
      const reply = await send("/orders", "authorization", `DPoP ${token}`, "dpop", await proofFor("/orders", token));
      expect([reply.status, codeOf(reply.body)]).toEqual([401, "OAUTH2_INVALID_ACCESS_TOKEN"]);
      expect((await send("/orders", "authorization", `Bearer ${token}`)).status).toBe(401);
    }
  });

  it("needs its scopes, too", async () => {
    await deploy({ requiredScopes: ["orders:write"] });
    const reply = await send("/orders", "authorization", `DPoP ${bound}`, "dpop", await proofFor("/orders"));
    expect([reply.status, codeOf(reply.body)]).toEqual([403, "OAUTH2_INSUFFICIENT_SCOPE"]);
    expect(reply.headers["www-authenticate"]).toMatch(/^DPoP realm="\/orders", error="insufficient_scope".*scope="orders:write"/);
  });

  it("passes several steps of one call with one proof, which is used up all the same", async () => {
    const step = { policy: "oauth2", config: { resource: "as" } };
    const problems = await gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [{ name: "as", type, config: RESOURCES[type](keys.origin, as.origin) }],
          flows: [{ request: [step] }, { match: { path: "/1", operator: "startsWith", methods: [] }, request: [step, step] }],
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);
    expect(problems).toEqual([]);
    const proof = await proofFor("/orders/1");
    expect((await send("/orders/1", "authorization", `DPoP ${bound}`, "dpop", proof)).status).toBe(200);
    const again = await send("/orders/1", "authorization", `DPoP ${bound}`, "dpop", proof);
    expect([again.status, codeOf(again.body)]).toEqual([401, "OAUTH2_INVALID_DPOP_PROOF"]);
  });
});
