import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answering, freePort, start, temporaryFolder } from "./processes.mjs";

const BODY = JSON.stringify({ id: 42, name: "Order 42", items: [1, 2, 3], total: "19.90" });

/**
 * A backend with one small JSON answer, in a process of its own. nginx, where it is installed, answers faster than
 * anything here passes on, so that the backend is never what is measured; otherwise `node:http` answers.
 */
export async function startBackend() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const hasNginx = spawnSync("nginx", ["-v"]).status === 0;
  const child = hasNginx ? startNginx(port) : startNode(port);
  await answering(url, child);
  return { url, how: hasNginx ? "nginx" : "node:http" };
}

function startNginx(port) {
  const folder = temporaryFolder("gatewright-bench-backend-");
  const file = join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events { worker_connections 1024; }
     http { access_log off; ${temporary} keepalive_requests 1000000000; keepalive_timeout 600s;
     server { listen 127.0.0.1:${port}; location / { default_type application/json; return 200 '${BODY}'; } } }`,
  );
  return start("nginx", ["-p", folder, "-c", file, "-e", join(folder, "error.log")]);
}

function startNode(port) {
  const program = fileURLToPath(new URL("node-backend.mjs", import.meta.url));
  return start(process.execPath, [program], { env: { ...process.env, PORT: String(port), BODY } });
}
