import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { rawCall, startBackend, startServer } from "../testing/servers";

const PUNCTUATION = [..."!#$%&'*+-.^_`|~"];
const spellings = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => fc.constantFrom(...(letter === "-" ? PUNCTUATION : [letter, letter.toUpperCase()]))))
    .map((letters) => letters.join(""));

/** Names and values as a CGI server hands them on. */
function variables(rawHeaders: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "_");
    found.set(name, [...(found.get(name) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  return found;
}

describe.each(ADAPTERS)("names of headers through %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  const deploy = async (more: Record<string, unknown> = {}, url = backend.origin) => {
    const problems = await gateway.gateway.replace([deployed({ endpoints: { production: { url } }, ...more })]);
    expect(problems).toEqual([]);
  };
  const transform = (phase: "request" | "response", config: Record<string, unknown>) => ({
    flows: [{ [phase]: [{ policy: "transform-headers", config }] }],
  });
  const seen = () => variables(backend.calls.at(-1)?.rawHeaders ?? []);

  beforeAll(async () => {
    [backend, gateway] = await Promise.all([startBackend(), startGateway(adapter)]);
  });
  afterAll(() => Promise.all([backend.close(), gateway.close()]));
  afterEach(() => {
    backend.calls.length = 0;
  });

  it("reach the backend only as letters, digits and hyphens, unless its API allows them", async () => {
    await deploy({ headers: { allowOtherNames: ["X_Api_Key", "WM_CONSUMER.ID"] } });
    await gateway.call("/orders", {
      headers: ["x_api_key", "1", "X.Api.Key", "2", "WM_CONSUMER.ID", "3", "X_Other", "4", "X-Plain", "5", "X~Plain", "6"],
    });
    expect(seen().get("X_API_KEY")).toEqual(["1"]);
    expect(seen().get("WM_CONSUMER_ID")).toEqual(["3"]);
    expect(seen().get("X_PLAIN")).toEqual(["5"]);
    expect(seen().has("X_OTHER")).toBe(false);
    await deploy();
    await gateway.call("/orders", { headers: ["x_api_key", "1"] });
    expect(seen().has("X_API_KEY")).toBe(false);
  });

  it("that backends obey never reach them, however they are written", async () => {
    await deploy();
    const names = ["script-name", "path-info", "x-http-method-override", "x-gatewright-scopes", "client-ip", "proxy", "client-cert"];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names).chain(spellings), { minLength: 1, maxLength: 8 }), async (sent) => {
        expect((await gateway.call("/orders", { headers: sent.flatMap((name) => [name, "forged"]) })).status).toBe(200);
        expect(JSON.stringify(backend.calls.at(-1)?.rawHeaders)).not.toContain("forged");
      }),
      { numRuns: 150 },
    );
  });

  it("that a step removes or sets are gone under every spelling", async () => {
    const headers = { allowOtherNames: ["X_Admin", "x.admin", "X_Role"] };
    await deploy({ headers, ...transform("request", { remove: ["X-Admin"], set: [{ name: "X-Role", value: "reader" }] }) });
    await gateway.call("/orders", { headers: ["X-Admin", "1", "X_Admin", "2", "x.admin", "3", "X-ROLE", "admin", "X_Role", "admin"] });
    expect(seen().has("X_ADMIN")).toBe(false);
    expect(seen().get("X_ROLE")).toEqual(["reader"]);
    await deploy({ headers, ...transform("request", { remove: ["X_Admin"] }) });
    await gateway.call("/orders", { headers: ["X-Admin", "1"] });
    expect(seen().has("X_ADMIN")).toBe(false);
  });

  it("that Connection names are gone under every spelling", async () => {
    await deploy({ headers: { allowOtherNames: ["X_Secret"] } });
    await gateway.call("/orders", { headers: ["connection", "x.secret, X_OTHER", "X_Secret", "1", "X-Secret", "2", "x-other", "3"] });
    expect(seen().has("X_SECRET")).toBe(false);
    expect(seen().has("X_OTHER")).toBe(false);
  });

  it("in trailers reach nobody", async () => {
    await deploy();
    const text = await rawCall(
      gateway.server,
      `POST ${gateway.mount}/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Gatewright-Subject: forged\r\nX_Admin: forged\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1.1 200 /);
    expect(backend.calls.at(-1)?.body).toBe("abc");
    expect(JSON.stringify(backend.calls)).not.toContain("forged");
  });

  it("of answers pass as they are, but for other spellings of what the gateway says or a step removes", async () => {
    const answering = await startServer((_, outgoing) => {
      outgoing.writeHead(200, [
        ...["X_Kept", "1", "X_Internal", "2", "x.internal", "3", "X_Request_Id", "theirs", "X.Gatewright.Subject", "forged"],
        ...["Set_Cookie", "a=1", "X-Accel-Redirect", "/internal", "X-Accel-Buffering", "no", "X_Sendfile", "/etc/passwd"],
        ...["Connection", "x_hop", "X-Hop", "4", "Transfer_Encoding", "gzip"],
      ]);
      outgoing.end("ok");
    });
    try {
      await deploy(transform("response", { remove: ["X-Internal"], set: [{ name: "X-Set", value: "ours" }] }), answering.origin);
      const { rawHeaders, headers, body } = await gateway.call("/orders");
      expect(body).toBe("ok");
      expect(headers.x_kept).toBe("1");
      expect(headers["x-accel-buffering"]).toBe("no");
      expect(headers["x-set"]).toBe("ours");
      const found = variables(rawHeaders);
      for (const name of ["X_INTERNAL", "X_GATEWRIGHT_SUBJECT", "SET_COOKIE", "X_ACCEL_REDIRECT", "X_SENDFILE", "X_HOP"])
        expect(found.has(name), name).toBe(false);
      expect(found.get("X_REQUEST_ID")).toHaveLength(1);
      expect(JSON.stringify(rawHeaders)).not.toContain("theirs");
    } finally {
      await answering.close();
    }
  });

  it("are the same for a request that asks for WebSocket", async () => {
    const sockets = await startServer((incoming, outgoing) => {
      outgoing.end(JSON.stringify(incoming.rawHeaders));
    });
    const speaking = new WebSocketServer({ noServer: true });
    let asked: string[] = [];
    sockets.server.on("upgrade", (incoming, socket, head) => {
      asked = incoming.rawHeaders.slice();
      speaking.handleUpgrade(incoming, socket, head, (webSocket) => webSocket.terminate());
    });
    try {
      await deploy({ headers: { allowOtherNames: ["X_Admin"] }, ...transform("request", { remove: ["X-Admin"] }) }, sockets.origin);
      const text = await rawCall(
        gateway.server,
        `GET ${gateway.mount}/orders HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nX_Admin: forged\r\nX.Gatewright.Subject: forged\r\nSCRIPT_NAME: forged\r\nX-Plain: 1\r\n\r\n`,
      );
      expect(text).toMatch(adapter === "node-http" ? /^HTTP\/1.1 101 / : /^HTTP\/1.1 200 /);
      const names = adapter === "node-http" ? asked.join() : text;
      expect(names).toContain("X-Plain");
      expect(names).not.toContain("forged");
    } finally {
      await sockets.close();
    }
  });
});
