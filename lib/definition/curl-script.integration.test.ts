import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeCurlScript } from "./curl-script";
import type { ExportedApi } from "./exported-api";

const run = promisify(execFile);
const SECRET = `s"ecret\\'$x`;
let server: Server;
let origin: string;
const seen: { call: string; authorization: string; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push({ call: `${request.method} ${request.url}`, authorization: request.headers.authorization ?? "", body });
    response.setHeader("Content-Type", "application/json");
    response.end(request.url === "/token" ? '{"access_token": "the-token", "token_type": "Bearer"}' : '{"ok": true}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const script = () => {
  const api: ExportedApi = {
    name: "Orders\nrm -rf /",
    version: "1.0.0",
    description: "",
    url: `${origin}/orders`,
    tokenUrl: `${origin}/token`,
    scope: "read it's",
    operations: [
      { method: "GET", path: "/items/:PATH", summary: "One\nexit 9", needsToken: true },
      { method: "GET", path: "/it's $(exit 8)", summary: "", needsToken: false },
      { method: "HEAD", path: "/", summary: "", needsToken: true },
      { method: "POST", path: "/items", summary: "", needsToken: true },
    ],
  };
  return writeCurlScript(api, true);
};

const runScript = (env: Record<string, string>) =>
  run("sh", ["-c", script()], {
    env: { NODE_ENV: "test", PATH: String(process.env.PATH), CLIENT_ID: "app", CLIENT_SECRET: SECRET, ...env },
  });

test("the script gets a token with the credentials of the environment and calls every operation as it has to be called", async () => {
  seen.length = 0;
  const { stdout } = await runScript({ PARAM_PATH: "7" });
  const [token, ...calls] = seen;
  expect(Buffer.from(String(token?.authorization.slice(6)), "base64").toString()).toBe(`app:${SECRET}`);
  expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({ grant_type: "client_credentials", scope: "read it's" });
  expect(calls.map(({ call, authorization }) => [call, authorization])).toEqual([
    ["GET /orders/items/7", "Bearer the-token"],
    ["GET /orders/it%27s%20$(exit%208)", ""],
    ["HEAD /orders", "Bearer the-token"],
  ]);
  expect(stdout).toContain("Skipped: set WRITE=1");
});

test("what may change something is called on demand only, with the body that is given", async () => {
  seen.length = 0;
  await runScript({ WRITE: "1", BODY: '{"a": 1}' });
  expect(seen.at(-1)).toEqual({ call: "POST /orders/items", authorization: "Bearer the-token", body: '{"a": 1}' });
});

test("without credentials it ends before it calls anything", async () => {
  seen.length = 0;
  await expect(runScript({ CLIENT_SECRET: "" })).rejects.toMatchObject({ stderr: expect.stringContaining("Set CLIENT_SECRET") });
  expect(seen).toEqual([]);
});
