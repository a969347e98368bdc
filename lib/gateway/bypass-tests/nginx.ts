import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BASE, listen, MARKER, type RealBackend } from "./backends";

/** An area that nginx answers by itself, one that it passes on, one by an expression that ignores case, and a folder. */
function configuration(directory: string, port: number): string {
  const secret = `add_header x-served-by ${MARKER} always; return 200 ${MARKER};`;
  const open = "add_header x-served-by public always; return 200 public;";
  const areas = ["", BASE].map(
    (base) => `
    location ${base}/public/ { ${open} }
    location = ${base}/private { ${secret} }
    location ${base}/private/ { proxy_pass http://unix:${directory}/inner.sock:/; }
    location ~* ^${base}/tasks(/|$) { ${secret} }
    location ~ ^${base}/t/[^/]+/private(/|$) { ${secret} }`,
  );
  return `
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log crit;
events { worker_connections 512; }
http {
  access_log off;
  merge_slashes on;
  client_max_body_size 0;
  keepalive_requests 100000;
  large_client_header_buffers 8 64k;
  # It finds headers by a fold of their names.
  underscores_in_headers on;
  ignore_invalid_headers off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  server {
    listen unix:${directory}/inner.sock;
    location / { ${secret} }
  }
  server {
    listen 127.0.0.1:${port};
    root ${directory}/empty;
    set $claims "$http_x_gatewright_client_id$http_x_gatewright_subject$http_x_gatewright_scopes$http_x_admin$http_client_ip$http_proxy";
    if ($claims ~ forged) { return 200 ${MARKER}; }
    ${areas.join("")}
    location /writes { if ($request_method !~ ^(GET|HEAD|OPTIONS)$) { ${secret} } ${open} }
    location /removals { if ($request_method = DELETE) { ${secret} } ${open} }
    location /reads { if ($request_method ~ ^(GET|HEAD)$) { ${secret} } ${open} }
    # The slash that is missing here lets /files../ leave the folder: a mistake that is often made.
    location /files { alias ${directory}/files/public/; }
  }
}
`;
}

/** Resolves when somebody listens on a port. */
async function listening(port: number, isOver: () => boolean): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (open) return;
    if (isOver()) throw new Error("nginx did not start.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts an nginx, found at this path or on the PATH, in the foreground with a configuration of its own. */
export async function startNginx(program = "nginx"): Promise<RealBackend> {
  const free = await listen("", () => undefined);
  await free.close();
  const directory = mkdtempSync(join(tmpdir(), "ngx-"));
  for (const folder of ["empty", "files/public", "files/private"]) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(join(directory, "files/public/hello.txt"), "public");
  writeFileSync(join(directory, "files/private/secret.txt"), MARKER);
  const file = join(directory, "nginx.conf");
  writeFileSync(file, configuration(directory, free.port));
  const child = spawn(program, ["-p", directory, "-c", file, "-e", join(directory, "error.log")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  // A test run that is ended in the middle leaves no server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let over = false;
  exited.then(() => {
    over = true;
  });
  await listening(free.port, () => over);
  return {
    ...free,
    name: "nginx",
    async close() {
      process.off("exit", kill);
      kill();
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
