import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findServer } from "@/lib/authorization-server/server-records";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
}, 120_000);
afterAll(() => management?.stop());

interface Key {
  kid: string;
  state: string;
}

let server = "";
let counter = 0;
beforeEach(async () => {
  counter += 1;
  server = (await call("POST", "/authorization-servers", { name: `Keys ${counter}`, audience: "api://keys" })).body.id;
});
const path = () => `/authorization-servers/${server}/keys`;
const keysIn = (items: Record<string, unknown>[]): Key[] => items.map((item) => ({ kid: String(item.kid), state: String(item.state) }));
const keys = async () => keysIn((await call("GET", path())).body.items);

describe("signing keys", () => {
  test("of a new server are active and next, and no response contains a private key", async () => {
    const answer = await call("GET", path());
    expect(answer.body.items.map((key) => key.state)).toEqual(["next", "active"]);
    for (const key of answer.body.items) {
      expect(Object.keys(key).sort()).toEqual(["activatedAt", "algorithm", "createdAt", "etag", "expiresAt", "kid", "state"]);
    }
  });

  test("rotate: the next one signs, and the previous one verifies until its tokens expire", async () => {
    const [next, active] = await keys();
    const rotated = await call("POST", `${path()}/rotate`);
    expect(rotated).toMatchObject({
      status: 200,
      body: {
        items: [
          { state: "next" },
          { state: "active", kid: next?.kid },
          { state: "previous", kid: active?.kid, expiresAt: expect.any(String) },
        ],
      },
    });
    expect(await keys()).toEqual(keysIn(rotated.body.items));
    expect((await findServer(server))?.keys.map((key) => key.kid).sort()).toEqual((await keys()).map((key) => key.kid).sort());
    expect((await call("GET", "/activity")).body.items[0]?.summary).toBe(`Rotated the signing keys of Keys ${counter}`);
  });

  test("are rotated once by concurrent requests, because verifiers haven't fetched the new next key", async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => call("POST", `${path()}/rotate`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await keys()).map((key) => key.state)).toEqual(["next", "active", "previous"]);
  });

  test("rotate again once cached key sets from before the last rotation have expired", async () => {
    await call("POST", `${path()}/rotate`);
    const [next] = await keys();
    const refused = await call("POST", `${path()}/rotate`);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/Rotate again after \d{4}-.*Z\.$/) } });
    await database().signingKey.updateMany({ where: { serverId: server }, data: { createdAt: new Date(Date.now() - 600_000) } });
    const publishedAt = async (secondsAgo: number) =>
      database().signingKey.update({ where: { kid: next?.kid ?? "" }, data: { createdAt: new Date(Date.now() - secondsAgo * 1000) } });
    // Twenty seconds are for a slow machine: what is published is kept for sixty.
    await publishedAt(40);
    expect((await call("POST", `${path()}/rotate`)).status).toBe(409);
    await publishedAt(60);
    expect((await call("POST", `${path()}/rotate`)).status).toBe(200);
    expect((await keys()).map((key) => key.state)).toEqual(["next", "active", "previous", "previous"]);
  });

  test("are deleted only when they are previous", async () => {
    await call("POST", `${path()}/rotate`);
    const [next, active, previous] = await keys();
    for (const key of [next, active]) {
      expect(await call("DELETE", `${path()}/${key?.kid}`)).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining(`The ${key?.state} key`) },
      });
    }
    expect((await call("DELETE", `/authorization-servers/default/keys/${previous?.kid}`)).status).toBe(404);
    expect((await call("DELETE", `${path()}/${previous?.kid}`)).status).toBe(204);
    expect((await call("DELETE", `${path()}/${previous?.kid}`)).status).toBe(404);
    expect(await keys()).toEqual([next, active]);
  });
});

describe("the token preview", () => {
  const preview = (body: object) => call("POST", `/authorization-servers/${server}/token-preview`, body);

  test("returns the token an application would get, and why", async () => {
    const { clientId } = (await call("POST", "/applications", { name: "Till", authorizationServer: server })).body;
    await call("POST", `/authorization-servers/${server}/scopes`, { name: "read" });
    const claim = (await call("POST", `/authorization-servers/${server}/claims`, { name: "tier", value: "gold" })).body;
    expect(await preview({ application: clientId, scopes: ["read"] })).toMatchObject({
      status: 200,
      body: {
        issued: true,
        format: "jwt",
        scopes: ["read"],
        lifetimeSeconds: 3600,
        policy: { name: "All applications" },
        rule: { name: "Any scope" },
        claims: { client_id: clientId, tier: "gold", scope: "read", aud: "api://keys" },
        sources: expect.arrayContaining([{ claim: "tier", source: "claim", id: claim.id }]),
      },
    });
  });

  test("returns why there would be none, and applies changes immediately", async () => {
    const { id, clientId } = (await call("POST", "/applications", { name: "Till", authorizationServer: server })).body;
    expect((await preview({ application: clientId })).body.issued).toBe(true);
    const [policy] = (await call("GET", `/authorization-servers/${server}/policies`)).body.items;
    await call("PATCH", `/authorization-servers/${server}/policies/${policy?.id}`, { enabled: false });
    expect((await preview({ application: clientId })).body).toMatchObject({ issued: false, error: "access_denied" });
    await call("PATCH", `/authorization-servers/${server}/policies/${policy?.id}`, { enabled: true });
    expect((await preview({ application: clientId, scopes: ["nope"] })).body).toMatchObject({ issued: false, error: "invalid_scope" });
    await call("PATCH", `/applications/${id}`, { enabled: false });
    expect((await preview({ application: clientId })).body).toMatchObject({ issued: false });
  });

  test("requires an application of this server", async () => {
    const foreign = (await call("POST", "/applications", { name: "Foreign" })).body;
    for (const application of ["nobody", String(foreign.clientId)]) {
      expect(await preview({ application })).toMatchObject({ status: 400, body: { errors: [{ path: "application" }] } });
    }
    expect((await call("POST", "/authorization-servers/nowhere/token-preview", { application: "x" })).status).toBe(404);
  });
});
