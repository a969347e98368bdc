import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findServer } from "@/lib/authorization-server/server-records";
import { database } from "@/lib/platform/database";
import { startManagement, type TestManagement } from "./testing/start-management";

let management: TestManagement;
const call: TestManagement["call"] = (...arguments_) => management.call(...arguments_);

beforeAll(async () => {
  management = await startManagement();
}, 120_000);
afterAll(() => management?.stop());

const servers = "/authorization-servers";
const summaries = async () => (await call("GET", "/activity")).body.items.map((item) => item.summary);

describe("an authorization server", () => {
  test("is created with its settings and returns its endpoints", async () => {
    const answer = await call("POST", servers, {
      name: "Web Shop",
      audience: "api://shop",
      tokenFormat: "opaque",
      oktaClaims: true,
      rotationDays: 30,
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: "web-shop",
        isDefault: false,
        tokenFormat: "opaque",
        oktaClaims: true,
        rotationDays: 30,
        issuer: "https://console.example/oauth2/web-shop",
        endpoints: {
          revocation: "https://console.example/oauth2/web-shop/v1/revoke",
          amToken: "https://console.example/am/web-shop/oauth/token",
        },
      },
    });
    expect(answer.headers.get("location")).toBe("/api/v1/authorization-servers/web-shop");
    const key = await database().signingKey.findFirstOrThrow({ where: { serverId: "web-shop", state: "active" } });
    const since = (key.activatedAt ?? key.createdAt).getTime();
    expect(Date.parse(String(answer.body.nextRotationAt)) - since).toBe(30 * 24 * 60 * 60 * 1000);
    expect((await call("GET", `${servers}/default`)).body).toMatchObject({ isDefault: true, nextRotationAt: null });
  });

  test("is changed at once for this process, and the activity list says what changed", async () => {
    await call("POST", servers, { name: "Lab", audience: "api://lab" });
    expect((await findServer("lab"))?.audience).toBe("api://lab");
    const answer = await call("PATCH", `${servers}/lab`, { audience: "api://laboratory", tokenFormat: "opaque", name: "Lab" });
    expect(answer.body).toMatchObject({ audience: "api://laboratory", tokenFormat: "opaque", name: "Lab" });
    expect((await findServer("lab"))?.audience).toBe("api://laboratory");
    expect((await summaries())[0]).toBe("Changed the audience and the token format of the authorization server Lab");
    await call("PATCH", `${servers}/lab`, { enabled: false });
    expect((await findServer("lab"))?.enabled).toBe(false);
    expect((await summaries())[0]).toBe("Deactivated the authorization server Lab: its tokens are rejected");
    const before = await summaries();
    await call("PATCH", `${servers}/lab`, { enabled: false });
    expect(await summaries()).toEqual(before);
  });

  test.each([
    [{ audience: "two words" }, "audience"],
    [{ tokenFormat: "saml" }, "tokenFormat"],
    [{ rotationDays: 0 }, "rotationDays"],
    [{ issuer: "https://evil.example" }, "issuer"],
  ])("is not changed by %j", async (patch, path) => {
    expect(await call("PATCH", `${servers}/default`, patch)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test("that is not there is 404", async () => {
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["GET", "/scopes"],
      ["GET", "/claims"],
      ["GET", "/policies"],
    ] as const) {
      expect((await call(method, `${servers}/nowhere${path}`, method === "PATCH" ? {} : undefined)).status).toBe(404);
    }
  });
});

describe("deleting an authorization server", () => {
  test("is rejected for the default one, which can be deactivated", async () => {
    expect(await call("DELETE", `${servers}/default`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("Deactivate it") },
    });
    expect((await call("PATCH", `${servers}/default`, { enabled: false })).body.enabled).toBe(false);
    await call("PATCH", `${servers}/default`, { enabled: true });
  });

  test("is rejected while applications or APIs use it, and names them", async () => {
    await call("POST", servers, { name: "Used", audience: "api://used" });
    const application = await call("POST", "/applications", { name: "Till", authorizationServer: "used" });
    const api = await call("POST", "/apis", {
      name: "Orders",
      version: "1.0.0",
      contextPath: "/orders",
      endpoints: { production: { url: "https://orders.example" } },
      resources: [{ name: "own", type: "oauth2-builtin", config: { server: "used" } }],
    });
    expect(await call("DELETE", `${servers}/used`)).toMatchObject({
      status: 409,
      body: {
        detail:
          "The authorization server Used is in use by the application Till and the API Orders (draft). Delete or move those first, or deactivate the server.",
        errors: [{ path: `applications/${application.body.id}` }, { path: `apis/${api.body.id}` }],
      },
    });
    await call("DELETE", `/applications/${application.body.id}`);
    await call("DELETE", `/apis/${api.body.id}`);
    expect((await call("DELETE", `${servers}/used`)).status).toBe(204);
    expect(await findServer("used")).toBeNull();
  });

  test("leaves no token behind that a new server with its id would accept", async () => {
    await call("POST", servers, { name: "Again", audience: "api://again" });
    await database().oidcRecord.create({ data: { serverId: "again", model: "ClientCredentials", id: "token", payload: {} } });
    expect((await call("DELETE", `${servers}/again`)).status).toBe(204);
    await call("POST", servers, { name: "Again", audience: "api://again" });
    expect(await database().oidcRecord.count({ where: { serverId: "again" } })).toBe(0);
    expect((await call("GET", `${servers}/again/scopes`)).body.items).toEqual([]);
  });

  test("and adding an application to it at the same moment leave no application without a server", async () => {
    for (let round = 0; round < 5; round += 1) {
      await call("POST", servers, { name: "Race", audience: "api://race" });
      const [deleted, added] = await Promise.all([
        call("DELETE", `${servers}/race`),
        call("POST", "/applications", { name: "Runner", authorizationServer: "race" }),
      ]);
      expect([
        [204, 400],
        [409, 201],
      ]).toContainEqual([deleted.status, added.status]);
      if (added.status === 201) {
        await call("DELETE", `/applications/${added.body.id}`);
        await call("DELETE", `${servers}/race`);
      }
    }
  });
});
