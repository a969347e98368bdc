import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/testing/free-port";
import { nginxPath } from "@/scripts/lib/services.mjs";
import { until } from "./launch";

/** An nginx with the committed `deploy/nginx.conf`. */
export interface LoadBalancer {
  /** Before the gateways. */
  url: string;
  /** Before the console. */
  consoleUrl: string;
  /** What it has logged as wrong so far. */
  errors(): string;
  stop(): Promise<void>;
}

/** What the nginx image puts around the files that it makes of templates, in the foreground and with all it writes in a folder. */
const around = (folder: string): string => `
daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  default_type application/octet-stream;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  include ${folder}/default.conf;
}
`;

/** As the nginx image does with `envsubst`: only variables that are set are filled in, so that nginx's own stay. */
export function fillIn(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
}

/** Starts it before two gateways and a console, given as `host:port`. */
export async function startLoadBalancer(backends: { gateways: [string, string]; console: string }): Promise<LoadBalancer> {
  const [port, consolePort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "gw-nginx-"));
  const variables = {
    GATEWAY_1: backends.gateways[0],
    GATEWAY_2: backends.gateways[1],
    CONSOLE: backends.console,
    GATEWAYS_LISTEN: String(port),
    CONSOLE_LISTEN: String(consolePort),
  };
  writeFileSync(join(folder, "default.conf"), fillIn(readFileSync("deploy/nginx.conf", "utf8"), variables));
  writeFileSync(join(folder, "nginx.conf"), around(folder));
  const child = spawn(await nginxPath(), ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      over = true;
      resolve();
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", () => child.kill("SIGTERM"));
  const url = `http://127.0.0.1:${port}`;
  await until(
    () =>
      fetch(`${url}/metrics`).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => {
      if (over) throw new Error(`nginx did not start: ${readFileSync(join(folder, "error.log"), "utf8")}`);
      return status === 404;
    },
  );
  return { url, consoleUrl: `http://127.0.0.1:${consolePort}`, errors: () => readFileSync(join(folder, "error.log"), "utf8"), stop };
}
