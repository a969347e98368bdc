import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { testAuthority } from "@/lib/gateway/resources/testing/certificates";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  // Read once, when the first definition is checked.
  process.env.GATEWRIGHT_OUTBOUND_DENY = "10.9.0.0/16,*.secret.internal";
  management = await startManagement();
}, 120_000);
afterAll(async () => {
  delete process.env.GATEWRIGHT_OUTBOUND_DENY;
  await management?.stop();
});

let names = 0;
const create = (production: object, more: object = {}) => {
  names += 1;
  return call("POST", "/apis", { name: `Api ${names}`, contextPath: `/api-${names}`, endpoints: { production }, ...more });
};
const oauth2 = (tokenUrl: string) => ({ type: "oauth2", tokenUrl, clientId: "gw", clientSecret: "s3cret" });

describe("a URL that outbound rules block is rejected at its path", () => {
  const GOOD = "https://orders.internal";
  test.each<[string, object, object?]>([
    ["endpoints.production.url", { url: "http://169.254.169.254/latest" }],
    ["endpoints.production.url", { url: "http://[::ffff:169.254.169.254]/" }],
    ["endpoints.production.url", { url: "http://2852039166/" }],
    ["endpoints.production.url", { url: "https://10.9.1.2" }],
    ["endpoints.production.url", { url: "https://vault.secret.internal" }],
    ["endpoints.production.security.tokenUrl", { url: GOOD, security: oauth2("http://100.100.100.200/token") }],
    [
      "resources[0].config.introspectionEndpoint",
      { url: GOOD },
      {
        resources: [
          {
            name: "as",
            type: "oauth2-introspection",
            config: { introspectionEndpoint: "http://169.254.1.1/i", clientId: "gw", clientSecret: "s3cret" },
          },
        ],
      },
    ],
    [
      "resources[0].config.jwksUrl",
      { url: GOOD },
      { resources: [{ name: "as", type: "oauth2-jwt", config: { issuer: "https://idp.internal", jwksUrl: "http://[fe80::1]/keys" } }] },
    ],
  ])("%s: %j", async (path, production, more) => {
    const answer = await create(production, more);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(/^Outbound rules block this host: /) }]);
  });

  it("and private networks are not such", async () => {
    expect((await create({ url: "http://10.1.2.3:8080", security: oauth2("http://127.0.0.1/token") })).status).toBe(201);
  });

  it("also by a test of the connection, before anything is called", async () => {
    const { body } = await create({ url: GOOD });
    const answer = await call("POST", `/apis/${body.id}/endpoints/production/test-connection`, { url: "http://169.254.169.254" });
    expect(answer.body.errors?.map(({ path }) => path)).toEqual(["endpoints.production.url"]);
  });
});

describe("a client certificate", () => {
  const authority = testAuthority("Ours");
  const [first, second] = [authority.issue(["one.test"]), authority.issue(["two.test"])];
  const url = "https://orders.internal";

  it("is stored with its key, which reads and exports omit", async () => {
    const { body } = await create({ url, tls: { certificate: first.cert, key: first.key } });
    for (const path of [`/apis/${body.id}/definition`, `/apis/${body.id}/export?format=json`]) {
      const read = await call("GET", path);
      expect(JSON.stringify(read.body)).toContain("BEGIN CERTIFICATE");
      expect(JSON.stringify(read.body)).not.toContain("PRIVATE KEY");
    }
  });

  it("changes only together with its key", async () => {
    const { body } = await create({ url, tls: { certificate: first.cert, key: first.key } });
    const put = async (tls: object) => {
      const read = await call("GET", `/apis/${body.id}/definition`);
      const next = { ...read.body, endpoints: { production: { url, tls } } };
      const answer = await call("PUT", `/apis/${body.id}/definition`, next, { "If-Match": read.headers.get("etag") ?? "" });
      return [answer.status, answer.body.errors?.map(({ path }) => path)];
    };
    expect(await put({ certificate: first.cert })).toEqual([200, undefined]);
    expect(await put({ certificate: first.cert, ca: authority.cert })).toEqual([200, undefined]);
    expect(await put({ certificate: second.cert })).toEqual([400, ["endpoints.production.tls.key"]]);
    expect(await put({ certificate: second.cert, key: first.key })).toEqual([400, ["endpoints.production.tls.key"]]);
    expect(await put({ certificate: second.cert, key: second.key })).toEqual([200, undefined]);
  });
});
