import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { stopAll } from "./processes.mjs";
import { steadyLoad } from "./steady.mjs";

let server;

function listen(answer) {
  server = createServer(answer);
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}/x`)));
}

afterEach(async () => {
  await stopAll();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("makes every call that falls due, with its headers", async () => {
  const seen = new Set();
  let calls = 0;
  const url = await listen((request, response) => {
    calls += 1;
    seen.add(request.headers["x-sent"]);
    response.end("ok");
  });
  await steadyLoad({ url, headers: { "x-sent": "yes" } }, 200, 1);
  expect(calls).toBe(200);
  expect([...seen]).toEqual(["yes"]);
});

it("counts a stall for every waiting request, not only those in flight", async () => {
  let calls = 0;
  const url = await listen((_request, response) => {
    calls += 1;
    // From the fiftieth call on, all 32 connections wait for 1.2 s, in which more than half of all 800 calls fall due.
    setTimeout(() => response.end("ok"), calls >= 50 && calls < 82 ? 1200 : 0);
  });
  const { p50Ms } = await steadyLoad({ url }, 400, 2);
  expect(p50Ms).toBeGreaterThan(50);
});

it("rejects responses other than 200", async () => {
  const url = await listen((_request, response) => response.writeHead(401).end("no"));
  await expect(steadyLoad({ url }, 100, 1)).rejects.toThrow("HTTP/1.1 401");
});
