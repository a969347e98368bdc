import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chownSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fail, run } from "./setup.mjs";

const isRoot = process.getuid?.() === 0;

/** Finds a program of the tests, or installs it where that is possible; otherwise ends with one line. */
async function findOrInstall(name, find, debianPackage, install) {
  const found = find();
  if (found) return found;
  if (isRoot && onPath("apt-get")) {
    console.log(`Installing ${name} (apt-get install ${debianPackage}).`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env, quiet: true });
    await run("apt-get", ["install", "-y", "--no-install-recommends", debianPackage], { env, quiet: true });
  } else if (install) {
    await install();
  }
  return find() ?? fail(`The tests need ${name}. Install it, on Debian and Ubuntu with: sudo apt-get install ${debianPackage}`);
}

/** The path of a Chromium that Playwright can drive. */
export function chromiumPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const find = () => process.env.CHROMIUM_PATH || names.map(onPath).find(Boolean) || playwrightsOwn();
  return findOrInstall("Chromium", find, "chromium", async () => {
    console.log("Installing Chromium (npx playwright install chromium).");
    await run("npx", ["playwright", "install", "chromium"]);
  });
}

/** The path of nginx, one of the real backends. Debian excludes it from the PATH of normal users. */
export function nginxPath() {
  const debian = "/usr/sbin/nginx";
  return findOrInstall(
    "nginx",
    () => process.env.NGINX_PATH || onPath("nginx") || (existsSync(debian) ? debian : undefined),
    "nginx-light",
  );
}

/** Which servers the bypass tests put behind the gateway, by the variable that names the path, and their Debian packages. */
const BACKENDS = {
  GUNICORN_PATH: ["gunicorn", "gunicorn", ["gunicorn"]],
  UVICORN_PATH: ["uvicorn", "uvicorn", ["uvicorn"]],
  PYTHON_PATH: ["Python", "python3", ["python3"]],
  LIGHTTPD_PATH: ["lighttpd", "lighttpd", ["lighttpd", "/usr/sbin/lighttpd"]],
  PHP_CGI_PATH: ["PHP", "php-cgi", ["php-cgi"]],
  // The package apache2 would also start a server.
  APACHE_PATH: ["Apache", "apache2-bin", ["apache2", "/usr/sbin/apache2"]],
  PUMA_PATH: ["Puma", "puma", ["puma"]],
  // With the compiler: the servlet is run from its source.
  JAVA_PATH: ["Java", "default-jdk-headless", ["java"], () => onPath("javac")],
  TOMCAT_PATH: ["Tomcat", "tomcat10-common", ["/usr/share/tomcat10"]],
};

/** The paths of the real servers behind the gateway, as variables for the tests. */
export async function backendPaths() {
  const env = { NGINX_PATH: await nginxPath() };
  for (const [variable, [name, debianPackage, places, isUsable = () => true]] of Object.entries(BACKENDS)) {
    const find = () => {
      const found = places.map((place) => (place.startsWith("/") ? existsSync(place) && place : onPath(place))).find(Boolean);
      return process.env[variable] || (found && isUsable() ? found : undefined);
    };
    env[variable] = await findOrInstall(name, find, debianPackage);
  }
  return env;
}

function playwrightsOwn() {
  const ask = 'import("@playwright/test").then(({ chromium }) => console.log(chromium.executablePath()))';
  const path = spawnSync(process.execPath, ["--input-type=module", "-e", ask], { encoding: "utf8" }).stdout.trim();
  return path && existsSync(path) ? path : undefined;
}

/**
 * Starts a Postgres and a Redis that live as long as this process, on free ports of this machine. Each can be killed and started
 * again where it was.
 */
export async function startServices({ redisPassword } = {}) {
  const redisServer = await findOrInstall("Redis", () => onPath("redis-server"), "redis-server");
  const postgresBin = await findOrInstall("Postgres", findPostgres, "postgresql");
  const directory = mkdtempSync(join(tmpdir(), "gatewright-services-"));
  const user = serviceUser();
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
  const children = [];
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    for (const child of children) child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", stop);
  const [postgres, redis] = await Promise.all([
    startPostgres(postgresBin, directory, user, children),
    startRedis(redisServer, directory, user, children, redisPassword),
  ]);
  return { env: { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url }, postgres, redis, stop };
}

/** Starts a server and waits until it logs that it's ready, also after restarts. */
async function serve({ name, url, launch, stream, ready, killSignal, children }) {
  let child;
  const start = async () => {
    child = launch();
    children.push(child);
    await printed(child, child[stream], ready, name);
  };
  await start();
  const kill = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(killSignal);
    });
  return { url, start, kill, pid: () => child.pid };
}

async function startPostgres(bin, directory, user, children) {
  const data = join(directory, "postgres");
  const password = randomBytes(16).toString("hex");
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const common = { ...user, cwd: directory, encoding: "utf8" };
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "gatewright", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--no-locale", "--no-sync"],
    common,
  );
  if (made.status !== 0) fail(`Postgres could not be set up: ${made.stderr || made.error?.message}`);
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", fsync: "off", max_connections: 300 };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const options = { ...user, cwd: directory, stdio: ["ignore", "ignore", "pipe"] };
  return serve({
    name: "Postgres",
    url: `postgresql://gatewright:${password}@127.0.0.1:${port}/postgres`,
    launch: () => spawn(join(bin, "postgres"), ["-D", data, ...args], options),
    stream: "stderr",
    ready: "ready to accept connections",
    // Ends all of its processes immediately. After SIGKILL, leftovers would delay the next start.
    killSignal: "SIGQUIT",
    children,
  });
}

async function startRedis(server, directory, user, children, password) {
  const port = await freePort();
  const dir = join(directory, "redis");
  mkdirSync(dir);
  if (user.uid !== undefined) chownSync(dir, user.uid, user.gid);
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir];
  if (password) args.push("--requirepass", password);
  return serve({
    name: "Redis",
    url: `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`,
    launch: () => spawn(server, args, { ...user, cwd: dir, stdio: ["ignore", "pipe", "ignore"] }),
    stream: "stdout",
    ready: "Ready to accept connections",
    killSignal: "SIGKILL",
    children,
  });
}

/** Waits until a server logs that it's ready, and keeps reading its output so it never blocks. */
function printed(child, stream, text, name) {
  return new Promise((resolve) => {
    let output = "";
    child.once("exit", () => fail(`${name} did not start: ${output.trim().split("\n").at(-1)}`));
    stream.on("data", (chunk) => {
      if (output.includes(text)) return;
      output += chunk;
      if (!output.includes(text)) return;
      child.removeAllListeners("exit");
      resolve();
    });
  });
}

/** Postgres can't run as root, so root starts it as the user postgres or nobody. */
function serviceUser() {
  if (!isRoot) return {};
  for (const name of ["postgres", "nobody"]) {
    const id = (flag) => spawnSync("id", [flag, name], { encoding: "utf8" });
    if (id("-u").status === 0) return { uid: Number(id("-u").stdout), gid: Number(id("-g").stdout) };
  }
  return fail("Postgres can't run as root, and the users postgres and nobody don't exist. Create one of them.");
}

/** The directory of Postgres's programs. Debian excludes `initdb` from the PATH. */
function findPostgres() {
  const onPathToo = onPath("initdb") && onPath("postgres") ? [dirname(onPath("initdb"))] : [];
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...onPathToo];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

function onPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
