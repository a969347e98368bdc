import { once } from "node:events";
import { createServer as createTls, type ServerOptions } from "node:https";
import { type AddressInfo, connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOutbound } from "@/lib/platform/outbound/connector";
import { startProxy } from "@/lib/platform/outbound/testing";
import { testAuthority } from "../resources/testing/certificates";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { startBackend } from "../testing/servers";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server with TLS that says, as JSON, whose client certificate it was shown; it lets nobody in without one of `ca`, if there is one. */
async function startSecure(options: ServerOptions) {
  const seen: string[] = [];
  const shown = (socket: unknown) => (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? null;
  const server = createTls({ ...options, requestCert: options.ca !== undefined, rejectUnauthorized: true }, (request, response) => {
    seen.push(request.url ?? "");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: "t", token_type: "Bearer", expires_in: 60, shown: shown(request.socket) }));
  });
  server.on("upgrade", (request, socket) => {
    seen.push(`upgrade ${request.url}`);
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Shown: ${shown(socket)}\r\n\r\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const servers = testAuthority("Servers");
const clients = testAuthority("Clients");
const strangers = testAuthority("Strangers");
const identity = servers.issue(["127.0.0.1"]);
const [gatewayCertificate, otherCertificate] = [clients.issue(["gateway.test"]), clients.issue(["other.test"])];

describe.each(ADAPTERS)("TLS of an endpoint through %s", (adapter) => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startGateway(adapter);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.ports.records.length = 0;
  });

  const callWith = async (url: string, tls: object | undefined, key?: string) => {
    const secrets: Record<string, string> = key === undefined ? {} : { "endpoints/production/tls.key": key };
    const problems = await gateway.gateway.replace([
      deployed({ endpoints: { production: { url, ...(tls === undefined ? {} : { tls }) } } }, secrets),
    ]);
    expect(problems).toEqual([]);
    return gateway.call("/orders");
  };
  const refused = (reply: { status: number; body: string }) => {
    expect(reply).toMatchObject({ status: 502, body: expect.stringContaining("BACKEND_UNREACHABLE") });
    return gateway.ports.records.at(-1)?.reason;
  };

  it("shows the gateway's own certificate to a backend that lets only such callers in", async () => {
    const backend = await startSecure({ ...identity, ca: clients.cert });
    const { cert: certificate, key } = gatewayCertificate;
    const reply = await callWith(backend.url, { ca: servers.cert, certificate }, key);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body).shown).toMatch(/^[0-9A-F:]{95}$/);
    backend.seen.length = 0;

    refused(await callWith(backend.url, { ca: servers.cert }));
    const foreign = strangers.issue(["gateway.test"]);
    refused(await callWith(backend.url, { ca: servers.cert, certificate: foreign.cert }, foreign.key));
    expect(backend.seen).toEqual([]);
  });

  it("never shares a connection between two certificates", async () => {
    const backend = await startSecure({ ...identity, ca: clients.cert });
    const endpoint = ({ cert: certificate }: { cert: string }) => ({
      production: { url: backend.url, tls: { ca: servers.cert, certificate } },
    });
    const key = "endpoints/production/tls.key";
    await gateway.gateway.replace([
      deployed({ contextPath: "/one", endpoints: endpoint(gatewayCertificate) }, { [key]: gatewayCertificate.key }, "api_1"),
      deployed({ contextPath: "/two", endpoints: endpoint(otherCertificate) }, { [key]: otherCertificate.key }, "api_2"),
    ]);
    const shown = async (path: string) => JSON.parse((await gateway.call(path)).body).shown;
    const [one, two] = [await shown("/one"), await shown("/two")];
    expect(one).not.toBe(two);
    expect([await shown("/one"), await shown("/two")]).toEqual([one, two]);
  });

  it("takes a certificate for the backend's only from the right authority and with the right name", async () => {
    const backend = await startSecure(identity);
    expect((await callWith(backend.url, { ca: servers.cert })).status).toBe(200);
    backend.seen.length = 0;
    refused(await callWith(backend.url, undefined));
    refused(await callWith(backend.url, { ca: strangers.cert }));
    const misnamed = await startSecure(servers.issue(["orders.test"]));
    expect(refused(await callWith(misnamed.url, { ca: servers.cert }))).toMatch(/altnames/i);
    expect([...backend.seen, ...misnamed.seen]).toEqual([]);
  });

  it("is not taken over with a key that is missing or another certificate's", async () => {
    const tls = { certificate: gatewayCertificate.cert };
    const replace = (secrets: Record<string, string>) =>
      gateway.gateway.replace([deployed({ endpoints: { production: { url: "https://127.0.0.1:1", tls } } }, secrets, "api_9")]);
    expect((await replace({}))[0]?.message).toContain("endpoints.production.tls.key");
    expect((await replace({ "endpoints/production/tls.key": otherCertificate.key }))[0]?.message).toContain(
      "doesn't match the first certificate",
    );
    expect(await replace({ "endpoints/production/tls.key": gatewayCertificate.key })).toEqual([]);
  });

  it("of the token endpoint has an authority of its own", async () => {
    const tokens = await startSecure(identity);
    const backend = await startBackend();
    closers.push(backend.close);
    const security = (more: object) => ({ type: "oauth2", tokenUrl: `${tokens.url}/token`, clientId: "gw", ...more });
    const secrets = { "endpoints/production/clientSecret": "s3cret" };
    const callFor = async (more: object) => {
      await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin, security: security(more) } } }, secrets)]);
      return gateway.call("/orders");
    };
    expect(await callFor({})).toMatchObject({ status: 502, body: expect.stringContaining("BACKEND_AUTHORIZATION_TLS") });
    expect([backend.calls, tokens.seen]).toEqual([[], []]);
    expect((await callFor({ caCertificates: servers.cert })).status).toBe(200);
    expect(backend.calls[0]?.headers.authorization).toBe("Bearer t");
  });
});

it("a WebSocket reaches its backend with the endpoint's authority and certificate", async () => {
  const gateway = await startGateway("node-http");
  closers.push(() => gateway.close());
  const backend = await startSecure({ ...identity, ca: clients.cert });
  const upgrade = async (tls: object, key?: string) => {
    const secrets: Record<string, string> = key === undefined ? {} : { "endpoints/production/tls.key": key };
    await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.url, tls } } }, secrets)]);
    const socket = connect(gateway.server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      "GET /orders/ws HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
    const [answer] = await once(socket, "data");
    socket.destroy();
    return String(answer);
  };
  expect(await upgrade({ ca: servers.cert, certificate: gatewayCertificate.cert }, gatewayCertificate.key)).toMatch(
    /^HTTP\/1\.1 101 [\s\S]*x-shown: [0-9A-F:]{95}/i,
  );
  backend.seen.length = 0;
  expect(await upgrade({ ca: servers.cert })).toContain(" 502 ");
  expect(await upgrade({ ca: strangers.cert, certificate: gatewayCertificate.cert }, gatewayCertificate.key)).toContain(" 502 ");
  expect(backend.seen).toEqual([]);
});

describe.each(ADAPTERS)("where a gateway may call, through %s", (adapter) => {
  /** Every name that ends in .metadata is at the metadata address; all others are on the loopback. */
  const outbound = createOutbound({ deny: [], allow: [], proxy: null, noProxy: [] }, (name, _options, callback) =>
    callback(null, [{ address: name.endsWith(".metadata") ? "169.254.169.254" : "127.0.0.1", family: 4 }]),
  );
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    gateway = await startGateway(adapter, { outbound });
    backend = await startBackend();
  });
  afterAll(async () => {
    await gateway.close();
    await backend.close();
  });
  beforeEach(() => {
    gateway.ports.records.length = 0;
    backend.calls.length = 0;
  });

  it.each(["http://orders.metadata/latest/meta-data", "http://169.254.169.254/", "https://[::ffff:a9fe:a9fe]/", "http://[fd00:ec2::254]/"])(
    "no backend is at %s: 502 with a code of its own, and the address in the log alone",
    async (url) => {
      await gateway.gateway.replace([deployed({ endpoints: { production: { url } } })]);
      const reply = await gateway.call("/orders", { method: "POST", body: "x" });
      expect(reply.status).toBe(502);
      expect(JSON.parse(reply.body)).toEqual({
        message: "The outbound rules block this backend",
        http_status_code: 502,
        error: "BACKEND_NOT_ALLOWED",
      });
      expect(JSON.stringify(reply)).not.toMatch(/metadata|169\.254|fd00|a9fe/);
      expect(gateway.ports.records.at(-1)?.reason).toMatch(/169\.254\.169\.254|a9fe|fd00:ec2::254/);
    },
  );

  it("no token is asked for there, and then the backend is not called", async () => {
    const security = { type: "oauth2", tokenUrl: "http://idp.metadata/token", clientId: "gw" };
    await gateway.gateway.replace([
      deployed({ endpoints: { production: { url: backend.origin, security } } }, { "endpoints/production/clientSecret": "s3cret" }),
    ]);
    const reply = await gateway.call("/orders");
    expect(reply).toMatchObject({ status: 502, body: expect.stringContaining("BACKEND_AUTHORIZATION_NOT_ALLOWED") });
    expect(reply.body).not.toContain("metadata");
    expect(backend.calls).toEqual([]);
  });

  it.each([
    ["oauth2-introspection", { introspectionEndpoint: "http://idp.metadata/introspect", clientId: "gw" }],
    ["oauth2-gravitee-am", { serverUrl: "http://idp.metadata", securityDomain: "test", clientId: "gw" }],
    ["oauth2-jwt", { issuer: "http://idp.metadata", jwksUrl: "http://idp.metadata/keys" }],
    ["oauth2-jwt", { issuer: "http://idp.metadata" }],
  ])("no %s asks there about a token", async (type, config) => {
    await gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          resources: [{ name: "as", type, config }],
          flows: [{ request: [{ policy: "oauth2", config: { resource: "as" } }] }],
        },
        { "resources/as/clientSecret": "s3cret" },
      ),
    ]);
    const token = `${Buffer.from('{"alg":"RS256","kid":"k"}').toString("base64url")}.${Buffer.from('{"iss":"http://idp.metadata"}').toString("base64url")}.AAAA`;
    const reply = await gateway.call("/orders", { headers: ["authorization", `Bearer ${token}`] });
    expect(reply.status).toBe(503);
    expect(reply.body).not.toContain("metadata");
    expect(gateway.ports.records.at(-1)?.reason).toContain("169.254.169.254");
    expect(backend.calls).toEqual([]);
  });

  it("backends, and token endpoints, are called through the proxy where there is one", async () => {
    const proxy = await startProxy();
    closers.push(proxy.close);
    const proxied = await startGateway(adapter, {
      outbound: createOutbound({ deny: [], allow: [], proxy: proxy.settings("gw:pw"), noProxy: ["direct.*"] }),
    });
    closers.push(() => proxied.close());
    const tokens = await startBackend((_request, response) => {
      response.setHeader("content-type", "application/json").end('{"access_token":"t","token_type":"Bearer","expires_in":60}');
    });
    closers.push(tokens.close);
    const security = { type: "oauth2", tokenUrl: `http://idp.example:${tokens.port}/token`, clientId: "gw" };
    await proxied.gateway.replace([
      deployed(
        { endpoints: { production: { url: `http://orders.example:${backend.port}/v2`, security } } },
        { "endpoints/production/clientSecret": "s3cret" },
      ),
    ]);
    expect((await proxied.call("/orders/7?x=1")).status).toBe(200);
    expect(proxy.targets).toEqual([`idp.example:${tokens.port}`, `orders.example:${backend.port}`]);
    expect(backend.calls[0]).toMatchObject({
      url: "/v2/7?x=1",
      headers: { host: `orders.example:${backend.port}`, authorization: "Bearer t" },
    });
    expect(JSON.stringify([backend.calls, tokens.calls])).not.toMatch(/proxy-authorization/i);
  });
});
