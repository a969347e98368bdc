import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { issueToken } from "./issue-token";
import { invalidateServer } from "./server-records";
import { createServer, ensureDefaultServer } from "./servers";
import { addApplication, addScopes, startTestIssuer, type TestApplication, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
const seen: string[] = [];
const secrets: string[] = [];

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createServer(database(), issuer.box, {
    id: "opaque",
    name: "Opaque",
    audience: "api://opaque",
    description: "",
    tokenFormat: "opaque",
  });
  await addScopes("default", ["read"]);
  invalidateServer("default");
});
afterAll(() => issuer?.stop());

let info: ReturnType<typeof vi.spyOn>;
let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  info = vi.spyOn(logger(), "info");
  warn = vi.spyOn(logger(), "warn");
});
afterEach(() => {
  seen.push(JSON.stringify([info.mock.calls, warn.mock.calls]));
  vi.restoreAllMocks();
});
const lines = (message: string) => [...info.mock.calls, ...warn.mock.calls].filter(([, text]) => text === message).map(([line]) => line);

interface Asked {
  path?: string;
  form?: Record<string, string>;
  secret?: string;
  clientId?: string;
}

async function ask(application: TestApplication | null, { path = "/oauth2/default/v1/token", form = {}, ...as }: Asked = {}) {
  const clientId = as.clientId ?? application?.clientId ?? "nobody";
  const secret = as.secret ?? application?.clientSecret ?? "made-up-secret";
  secrets.push(secret);
  const answer = await fetch(issuer.url + path, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}` },
    body: new URLSearchParams(path.endsWith("token") ? { grant_type: "client_credentials", ...form } : form),
  });
  const text = await answer.text();
  const body: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  if (typeof body.access_token === "string") secrets.push(body.access_token);
  return { status: answer.status, body, token: String(body.access_token) };
}

const entriesOf = (targetId: string) => database().activity.findMany({ where: { targetId }, orderBy: { at: "asc" } });
const settled = (targetId: string, count: number) =>
  until(
    () => entriesOf(targetId),
    (entries) => entries.length >= count,
  );

describe("a token that is issued, introspected and revoked", () => {
  test.each([
    ["default", (token: string) => decodeJwt(token).jti],
    ["opaque", (token: string) => createHash("sha256").update(token).digest("base64url")],
  ])("of %s leaves a line each, with its id and no token", async (server, idOf) => {
    const application = await addApplication({ serverId: server });
    const { token } = await ask(application, { path: `/oauth2/${server}/v1/token` });
    const tokenId = idOf(token);
    const by = { server, clientId: application.clientId };
    expect(lines("token issued")).toEqual([expect.objectContaining({ ...by, tokenId, audience: `api://${server}`, expiresIn: 3600 })]);
    await ask(application, { path: `/oauth2/${server}/v1/introspect`, form: { token } });
    await ask(application, { path: `/oauth2/${server}/v1/introspect`, form: { token: "nothing" } });
    expect(lines("token introspected")).toEqual([
      { ...by, active: true, tokenId },
      { ...by, active: false },
    ]);
    expect((await ask(application, { path: `/oauth2/${server}/v1/revoke`, form: { token } })).status).toBe(200);
    expect(lines("token revoked")).toEqual([{ ...by, tokenId }]);
    await ask(application, { path: `/oauth2/${server}/v1/introspect`, form: { token } });
    expect(lines("token introspected")).toHaveLength(3);
    expect(lines("token introspected").at(-1)).toEqual({ ...by, active: false });
  });

  test("by the console is logged the same way", async () => {
    const { clientId } = await addApplication();
    const { accessToken } = await issueToken({ clientId, scopes: [] });
    secrets.push(accessToken);
    expect(lines("token issued")).toEqual([expect.objectContaining({ server: "default", clientId, tokenId: decodeJwt(accessToken).jti })]);
  });
});

describe("a token that is denied", () => {
  test("is logged and added to the activity with the reason", async () => {
    const application = await addApplication();
    expect((await ask(application, { form: { scope: "nope" } })).body.error).toBe("invalid_scope");
    const reason = "These scopes aren't allowed: nope.";
    expect(lines("token denied")).toEqual([{ server: "default", clientId: application.clientId, error: "invalid_scope", reason }]);
    const [entry] = await settled(application.id, 1);
    expect(entry).toMatchObject({ actor: "Test", action: "denied", target: "application" });
    expect(entry?.summary).toBe(`Denied Test a token of default: invalid_scope. ${reason}`);
  });

  test("has the reason in log and activity, but not in the response", async () => {
    const application = await addApplication();
    const { status, body } = await ask(application, { secret: "wrong-secret-of-a-client" });
    expect([status, body.error]).toEqual([401, "invalid_client"]);
    expect(JSON.stringify(body)).not.toContain("the client secret is wrong");
    expect(lines("token denied")).toEqual([expect.objectContaining({ error: "invalid_client", reason: "the client secret is wrong" })]);
    const [entry] = await settled(application.id, 1);
    expect(entry?.actor).toBe("an unknown client");
    expect(entry?.summary).toContain("the client secret is wrong");
  });

  test("repeatedly is logged each time and adds few activity entries, whatever varies", async () => {
    const application = await addApplication();
    for (let time = 0; time < 12; time += 1) await ask(application, { form: { scope: "again" } });
    for (let time = 0; time < 12; time += 1) await ask(application, { form: { scope: `varied-${time}` } });
    expect(lines("token denied")).toHaveLength(24);
    const entries = await settled(application.id, 5);
    expect(entries.filter(({ summary }) => summary.includes("again"))).toHaveLength(1);
    expect(entries).toHaveLength(5);
  });

  test("to unknown clients doesn't flood the activity, whatever client IDs they send", async () => {
    const before = (await entriesOf("default")).length;
    for (let made = 0; made < 60; made += 1) await ask(null, { clientId: `made-up-${made}` });
    expect(lines("token denied")).toHaveLength(60);
    await settled("default", before + 1);
    const entries = (await entriesOf("default")).slice(before);
    expect(entries.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(entries)).not.toContain("made-up");
  });

  test("redacts a secret that was sent as client ID", async () => {
    const { clientSecret } = await addApplication();
    secrets.push(clientSecret);
    await ask(null, { clientId: clientSecret, secret: "swapped" });
    expect(lines("token denied")).toHaveLength(1);
    expect(JSON.stringify(lines("token denied"))).not.toContain(clientSecret);
  });

  test("for an introspection or a revocation is logged too", async () => {
    for (const path of ["introspect", "revoke"])
      expect((await ask(null, { path: `/oauth2/default/v1/${path}`, form: { token: "x" } })).status).toBeGreaterThanOrEqual(401);
    expect([lines("introspection denied").length, lines("revocation denied").length]).toEqual([1, 1]);
  });
});

test("issued and denied tokens are counted by server and error", async () => {
  const read = async () => (await consoleMetrics().text()).split("\n");
  const value = async (series: string) => Number((await read()).find((line) => line.startsWith(`${series} `))?.split(" ")[1] ?? 0);
  const [issued, denied] = [
    'gatewright_tokens_issued_total{server="default"}',
    'gatewright_tokens_denied_total{server="default",error="invalid_scope"}',
  ];
  const [issuedBefore, deniedBefore] = [await value(issued), await value(denied)];
  const application = await addApplication();
  await ask(application);
  await ask(application, { form: { scope: "nope" } });
  expect([await value(issued), await value(denied)]).toEqual([issuedBefore + 1, deniedBefore + 1]);
});

test("log and activity contain no secret and no token", async () => {
  const entries = JSON.stringify(await database().activity.findMany());
  expect(secrets.length).toBeGreaterThan(50);
  for (const secret of new Set(secrets)) expect(entries + seen.join()).not.toContain(secret);
});
