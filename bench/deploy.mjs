import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answering, freePort, start, stop, temporaryFolder } from "./lib/processes.mjs";
import { median, round } from "./lib/statistics.mjs";

/** Polls until the response has the expected value; returns the time, and the number of stale and failed responses. */
async function untilServed(url, wanted) {
  const startedAt = performance.now();
  const before = { old: 0, failed: 0 };
  while (before.old + before.failed <= 5000) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.headers.get("x-round") === wanted) return { ms: performance.now() - startedAt, ...before };
    if (response) before.old += 1;
    else before.failed += 1;
  }
  throw new Error(`${url} never served ${wanted}.`);
}

async function measureOurs({ console, backend, times }) {
  const { url, management } = await console();
  const { body: api } = await management.call("POST", "/apis", {
    name: "Swap",
    version: "1.0.0",
    contextPath: "/swap",
    endpoints: { production: { url: backend.url } },
  });
  const rounds = [];
  for (let index = 1; index <= times.swaps; index += 1) {
    await management.change(api.id, {
      flows: [{ response: [{ policy: "transform-headers", config: { set: [{ name: "x-round", value: String(index) }] } }] }],
    });
    await management.call("POST", `/apis/${api.id}/deployments`, {});
    rounds.push(await untilServed(`${url}/gateway/swap/`, String(index)));
  }
  return rounds;
}

/** nginx takes a new configuration with `nginx -s reload`, the way most gateways on it deploy. */
async function measureNginx({ backend, times }) {
  if (spawnSync("nginx", ["-v"]).status !== 0) return undefined;
  const dir = temporaryFolder("gatewright-bench-nginx-");
  const port = await freePort();
  const file = join(dir, "nginx.conf");
  const configure = (value) =>
    writeFileSync(
      file,
      `daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1; events {}
       http { access_log off; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
       server { listen 127.0.0.1:${port}; location / { proxy_pass ${backend.url}; add_header x-round ${value}; } } }`,
    );
  configure(0);
  const child = start("nginx", ["-p", dir, "-c", file]);
  try {
    await answering(`http://127.0.0.1:${port}/`, child);
    const rounds = [];
    for (let index = 1; index <= times.swaps; index += 1) {
      configure(index);
      spawnSync("nginx", ["-p", dir, "-c", file, "-s", "reload"]);
      rounds.push(await untilServed(`http://127.0.0.1:${port}/`, String(index)));
    }
    return rounds;
  } finally {
    await stop(child);
  }
}

/** The time from the deploy response to the first request that the new definition serves. */
export async function measureDeploy(context) {
  const ours = await measureOurs(context);
  const nginx = await measureNginx(context);
  const sum = (rounds, key) => rounds?.reduce((total, entry) => total + entry[key], 0) ?? null;
  const old = sum(ours, "old");
  return [
    {
      measured: "deploy's answer to first request served by it",
      value: round(median(ours.map((entry) => entry.ms))),
      unit: "ms",
      peer: nginx ? "nginx -s reload to first request served by it" : "nginx is not installed: no peer in this run",
      peerValue: nginx ? round(median(nginx.map((entry) => entry.ms))) : null,
      ratio: nginx ? round(median(ours.map((entry) => entry.ms)) / median(nginx.map((entry) => entry.ms))) : null,
      goal: "none served by the old one",
      met: old === 0 && sum(ours, "failed") === 0,
      how: `one call after another, ${context.times.swaps} deploys`,
      servedByTheOldOne: old,
      failed: sum(ours, "failed"),
      peerServedByTheOldOne: sum(nginx, "old"),
      peerFailed: sum(nginx, "failed"),
    },
  ];
}
