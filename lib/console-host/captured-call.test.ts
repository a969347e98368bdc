import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturedCall } from "./captured-call";
import { captureRawRequests } from "./raw-capture";

const LIMIT = 1000;

/** A framework that is handed what the capture leaves it, and answers with what the call was. */
const server = createServer(async (incoming, outgoing) => {
  const seen = new Request(`http://host${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  });
  const call = await capturedCall(seen, LIMIT);
  if (!call) {
    outgoing.end("not captured");
    return;
  }
  const { method, url, headers } = call.request;
  const body = method === "GET" || method === "HEAD" ? "" : await call.request.text();
  const told = { method, path: new URL(url).pathname, search: new URL(url).search, type: headers.get("content-type"), length: body.length };
  await call.answer(method === "OPTIONS" ? new Response(null, { status: 204 }) : Response.json(told, { status: 201 }));
});
let stopCapture: () => void;

beforeAll(async () => {
  stopCapture = captureRawRequests([{ prefix: "/oauth2", path: "/captured" }]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  stopCapture();
  server.closeAllConnections();
  server.close();
});

function call(method: string, path: string, body = "") {
  return new Promise<{ status: number | undefined; length: string | undefined; text: string }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const headers = body === "" ? {} : { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
    const outgoing = request({ port, host: "127.0.0.1", method, path, headers }, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode, length: answer.headers["content-length"], text });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

describe("a captured call", () => {
  it("has the original method, URL and body", async () => {
    const { status, text } = await call("POST", "/oauth2/default/v1/token?x=1", "grant_type=client_credentials");
    expect(status).toBe(201);
    expect(JSON.parse(text)).toEqual({
      method: "POST",
      path: "/oauth2/default/v1/token",
      search: "?x=1",
      type: "application/x-www-form-urlencoded",
      length: 29,
    });
  });

  it("reads one byte more than the limit of a body that is too large", async () => {
    expect(JSON.parse((await call("POST", "/oauth2/a", "a".repeat(5000))).text)).toMatchObject({ length: LIMIT + 1 });
  });

  it("responds without content to OPTIONS, and without a body to HEAD", async () => {
    expect(await call("OPTIONS", "/oauth2/a")).toEqual({ status: 204, length: undefined, text: "" });
    expect(await call("HEAD", "/oauth2/a")).toMatchObject({ status: 201, text: "" });
  });

  it("has a method that handlers reject, if a Request can't have its own", async () => {
    expect(JSON.parse((await call("TRACE", "/oauth2/a")).text)).toMatchObject({ method: "PROPFIND" });
  });

  it("is null outside the captured prefixes", async () => {
    expect((await call("GET", "/other")).text).toBe("not captured");
  });
});
