import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testAuthority } from "../../gateway/resources/testing/certificates";
import { startTarget } from "./testing";

/** A process reads its trusted CAs at startup, so a child process makes the request. */
const CALLER = `
import { Pool } from "undici";
import { createOutbound } from "./lib/platform/outbound/connector";
import { parseProxy } from "./lib/platform/outbound/proxy";
const [proxy, origin, ca] = process.argv.slice(2);
const { connector } = createOutbound({ deny: [], allow: [], proxy: parseProxy(proxy), noProxy: [] });
const pool = new Pool(origin, { connect: connector({ timeout: 5000, ca }) });
pool.request({ method: "GET", path: "/" }).then(({ body }) => body.text(), (error) => error.message).then((text) => {
  process.stdout.write(text, () => process.exit(0));
});
`;

const run = promisify(execFile);
const authority = testAuthority("Proxies");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatewright-proxy-"));
  await writeFile(join(folder, "ca.pem"), authority.cert);
  await build({
    stdin: { contents: CALLER, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: join(folder, "caller.cjs"),
    logLevel: "silent",
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function startTlsProxy(host: string) {
  const asked: string[] = [];
  const server = createServer(authority.issue([host]));
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const far = connect(Number(request.url?.replace(/^.*:/, "")), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      socket.pipe(far).pipe(socket);
    });
    for (const end of [far, socket]) end.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, asked, close: () => server.close() };
}

it.each([
  ["127.0.0.1", "127.0.0.1"],
  ["localhost", "localhost"],
])("a TLS proxy at %s needs a certificate for its name, and the backend one for its own", async (host, name) => {
  const backends = testAuthority("Backends");
  const backend = await startTarget(backends.issue(["orders.test"]));
  const [proxy, misnamed] = [await startTlsProxy(name), await startTlsProxy("orders.test")];
  const callThrough = async ({ port }: { port: number }) => {
    const options = { env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") } };
    const origin = `https://orders.test:${backend.port}`;
    const { stdout } = await run(process.execPath, [join(folder, "caller.cjs"), `https://${host}:${port}`, origin, backends.cert], options);
    return stdout;
  };
  expect(await callThrough(proxy)).toBe("ok");
  expect(proxy.asked).toEqual([`orders.test:${backend.port}`]);
  expect(await callThrough(misnamed)).toMatch(/proxy failed: .*altnames/);
  expect([misnamed.asked, backend.seen]).toEqual([[], ["/"]]);
  for (const server of [proxy, misnamed, backend]) await server.close();
});
