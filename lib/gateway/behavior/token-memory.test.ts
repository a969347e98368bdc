import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

describe.each(ADAPTERS)("what a gateway keeps of tokens, through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;

  beforeAll(async () => {
    [backend, as] = await Promise.all([startBackend(), startIntrospection()]);
  });
  afterAll(() => Promise.all([backend.close(), as.close()]));
  beforeEach(async () => {
    gateway = await startGateway(adapter);
  });
  afterEach(() => gateway.close());

  const api = (contextPath: string, exposePayload: boolean, apiId: string) =>
    deployed(
      {
        contextPath,
        endpoints: { production: { url: backend.origin } },
        resources: [
          { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
        ],
        flows: [
          {
            request: [
              { policy: "oauth2", config: { resource: "as", exposePayload } },
              { policy: "transform-headers", config: { set: [{ name: "x-mail", value: "{claims.email}" }] } },
            ],
          },
        ],
      },
      { "resources/as/clientSecret": "secret" },
      apiId,
    );
  const mailOf = async (path: string) => {
    expect((await gateway.call(path, { headers: ["authorization", "Bearer good"] })).status).toBe(200);
    return backend.calls.at(-1)?.headers["x-mail"];
  };

  it("has claims where a step hands them on, whichever API with that server saw the token first, and after a redeployment", async () => {
    as.answers.set("good", { active: true, email: "a@b.test" });
    await gateway.gateway.replace([api("/without", false, "api_1"), api("/with", true, "api_2")]);
    expect(await mailOf("/without")).toBeUndefined();
    expect(await mailOf("/with")).toBe("a@b.test");
    expect(await mailOf("/with")).toBe("a@b.test");
    await gateway.gateway.replace([api("/without", true, "api_1"), api("/with", true, "api_2")]);
    expect(await mailOf("/without")).toBe("a@b.test");
  });
});
