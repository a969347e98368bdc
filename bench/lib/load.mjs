import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { run, temporaryFolder } from "./processes.mjs";

export const CONNECTIONS = 32;

const PATHS_SCRIPT = fileURLToPath(new URL("paths.lua", import.meta.url));
const POST_SCRIPT = fileURLToPath(new URL("post.lua", import.meta.url));
const MILLISECONDS = { us: 0.001, ms: 1, s: 1000 };

/** wrk costs the machine less than autocannon does, and leaves more of it to what is measured. */
const hasWrk = spawnSync("wrk", ["-v"]).error === undefined;
export const loadTool = hasWrk ? "wrk, 1 thread" : "autocannon";

/**
 * As many calls as 32 connections make, one after another on each.
 * @param target `{url, headers, paths, form}`: the calls go to each of the paths in turn when there are any, otherwise to the
 *   URL; with a form they are POSTs of it
 * @returns calls a second, the 99th percentile of their latency in ms, and how many calls failed: answers that were not
 *   2xx, and connections that broke
 */
export function load(target, seconds) {
  return hasWrk ? byWrk(target, seconds) : byAutocannon(target, seconds);
}

/** Sends one request. @throws with the response when it isn't 2xx */
async function requireAnswer({ url, headers, paths, form }) {
  const response = await fetch(paths ? new URL(paths[0], url) : url, { headers, ...(form ? { method: "POST", body: form } : {}) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
}

/** Like `load`, after one request that must return 2xx. */
export async function checkedLoad(target, seconds) {
  await requireAnswer(target);
  return load(target, seconds);
}

/** Like `checkedLoad`. @throws when a request failed, because the measurement would be invalid */
export async function cleanLoad(target, seconds) {
  const result = await checkedLoad(target, seconds);
  if (result.failed > 0) throw new Error(`${target.url}: ${result.failed} of ${result.calls} calls failed.`);
  return result;
}

async function byWrk({ url, headers = {}, paths, form }, seconds) {
  const list = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const script = paths ? ["-s", PATHS_SCRIPT] : form ? ["-s", POST_SCRIPT] : [];
  const text = await run("wrk", [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "--latency",
    ...list,
    ...script,
    url,
    ...(paths ? ["--", fileOf(paths)] : form ? ["--", form] : []),
  ]);
  const numbers = (pattern) => (pattern.exec(text) ?? []).slice(1).map(Number);
  const [calls] = numbers(/(\d+) requests in /);
  const [perSecond] = numbers(/Requests\/sec:\s+([\d.]+)/);
  const [, p99, unit] = /\n\s+99%\s+([\d.]+)(us|ms|s)\n/.exec(text) ?? [];
  if (perSecond === undefined || p99 === undefined) throw new Error(`wrk printed something that is not understood:\n${text}`);
  const broken = numbers(/Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/).reduce((sum, count) => sum + count, 0);
  const [refused = 0] = numbers(/Non-2xx or 3xx responses: (\d+)/);
  return { perSecond, p99Ms: Number(p99) * MILLISECONDS[unit], calls, failed: broken + refused };
}

async function byAutocannon({ url, headers = {}, paths, form }, seconds) {
  const requests = paths?.map((path) => ({ method: "GET", path, headers }));
  const result = await autocannon({
    url,
    headers,
    connections: CONNECTIONS,
    duration: seconds,
    ...(requests ? { requests } : {}),
    ...(form ? { method: "POST", body: form } : {}),
  });
  return {
    perSecond: result.requests.average,
    p99Ms: result.latency.p99,
    calls: result.requests.total,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

const files = new WeakMap();

function fileOf(paths) {
  const known = files.get(paths);
  if (known) return known;
  const file = join(temporaryFolder("gatewright-bench-paths-"), "paths.txt");
  writeFileSync(file, `${paths.join("\n")}\n`);
  files.set(paths, file);
  return file;
}
