import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GenericAuthorizationServer, startGenericAuthorizationServer } from "../../../e2e/support/authorization-server";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, startGateway } from "../testing/harness";
import { startServer, type TestServer } from "../testing/servers";

const CLIENT_SECRET = "secret";
const basic = `Basic ${Buffer.from(`orders-app:${CLIENT_SECRET}`).toString("base64")}`;
const FORM = { authorization: basic, "content-type": "application/x-www-form-urlencoded" };

let idp: GenericAuthorizationServer;
let backend: TestServer;
let tokenUrl: string;
let revocationUrl: string;
const sent: string[] = [];

/** A backend that lets its own authorization server, a process of its own, judge every token by introspection. */
beforeAll(async () => {
  idp = await startGenericAuthorizationServer();
  const metadata = (await (await fetch(`${idp.url}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  tokenUrl = metadata.token_endpoint ?? "";
  revocationUrl = metadata.revocation_endpoint ?? "";
  backend = await startServer(async (incoming, outgoing) => {
    const token = (incoming.headers.authorization ?? "").replace(/^Bearer /, "");
    sent.push(token);
    const answer = await fetch(idp.introspectionEndpoint, { method: "POST", headers: FORM, body: new URLSearchParams({ token }) });
    const { active, scope } = (await answer.json()) as { active: boolean; scope?: string };
    outgoing.writeHead(active ? 200 : 401, { "www-authenticate": "Bearer" }).end(scope);
  });
});
afterAll(() => Promise.all([backend.close(), idp.stop()]));

describe.each(ADAPTERS)("a backend that accepts only its own authorization server's tokens behind %s", (adapter) => {
  const deploy = async (clientSecret: string) => {
    const gateway = await startGateway(adapter);
    sent.length = 0;
    const security = { type: "oauth2", tokenUrl, clientId: "orders-app", scope: "orders:read" };
    const endpoints = { production: { url: backend.origin, security } };
    expect(await gateway.gateway.replace([deployed({ endpoints }, { "endpoints/production/clientSecret": clientSecret })])).toEqual([]);
    return gateway;
  };

  it("answers 200, and again after its token was revoked, with exactly one more token", async () => {
    const gateway = await deploy(CLIENT_SECRET);
    const first = await Promise.all([1, 2, 3, 4, 5].map(() => gateway.call("/orders")));
    expect(first.map((reply) => [reply.status, reply.body])).toEqual(Array(5).fill([200, "orders:read"]));
    const [token = ""] = sent;
    expect(new Set(sent).size).toBe(1);
    expect((await fetch(revocationUrl, { method: "POST", headers: FORM, body: new URLSearchParams({ token }) })).status).toBe(200);
    const again = await Promise.all([1, 2, 3].map(() => gateway.call("/orders", { method: "POST", body: "mine" })));
    expect(again.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(new Set(sent).size).toBe(2);
    for (const used of new Set(sent)) expect(JSON.stringify(gateway.ports.records)).not.toContain(used);
    await gateway.close();
  });

  it("is not called with a wrong client secret, and the log says what the server said", async () => {
    const gateway = await deploy("not-the-secret");
    const reply = await gateway.call("/orders");
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([502, "BACKEND_AUTHORIZATION_REFUSED"]);
    expect(sent).toEqual([]);
    expect(gateway.ports.records[0]?.reason).toContain("invalid_client");
    expect(JSON.stringify(gateway.ports.records)).not.toContain("not-the-secret");
    await gateway.close();
  });
});
