import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, type RealBackend } from "./backends";

/** What a backend answers, and writes down, when it did for a call what the call must not have done. No request contains it. */
export const VIOLATION = "violation-7c1e";

/** A real server with an application that reads paths, methods and variables as programs on it do. */
export interface JudgingBackend extends RealBackend {
  /** What it did that no call may make it do, answered or not. */
  violations(): string[];
}

const APPS = fileURLToPath(new URL("./apps", import.meta.url));

/** What starts a server: programs and their arguments, given a free port and an empty directory. The first is the one that listens. */
interface Recipe {
  name: string;
  commands(at: Place): readonly [program: string, ...args: string[]][];
}

/** Where a server is to run. */
interface Place {
  port: number;
  /** A second free port. */
  spare: number;
  /** An empty directory. */
  directory: string;
  /** The path of a program, where it isn't the one on the PATH. */
  program(name: keyof typeof PROGRAMS): string;
}

/** The programs by the variables that may name their paths, and what they are called otherwise. */
const PROGRAMS = {
  APACHE_PATH: "/usr/sbin/apache2",
  GUNICORN_PATH: "gunicorn",
  JAVA_PATH: "java",
  LIGHTTPD_PATH: "/usr/sbin/lighttpd",
  PHP_CGI_PATH: "/usr/bin/php-cgi",
  PUMA_PATH: "puma",
  PYTHON_PATH: "python3",
  TOMCAT_PATH: "/usr/share/tomcat10",
  UVICORN_PATH: "uvicorn",
} as const;

const php = (directory: string) => {
  const file = join(directory, "index.php");
  writeFileSync(file, readFileSync(join(APPS, "index.php")));
  return file;
};

function lighttpdConfiguration({ port, directory, program }: Place): string {
  php(directory);
  const file = join(directory, "lighttpd.conf");
  writeFileSync(
    file,
    `server.document-root = "${directory}"
server.port = ${port}
server.bind = "127.0.0.1"
server.errorlog = "${directory}/error.log"
server.modules = ("mod_rewrite", "mod_fastcgi")
server.max-keep-alive-requests = 100000
server.max-keep-alive-idle = 120
url.rewrite-once = ("" => "/index.php")
fastcgi.server = (".php" => ((
  "socket" => "${directory}/php.sock", "bin-path" => "${program("PHP_CGI_PATH")}", "max-procs" => 3,
  "bin-environment" => ("PHP_FCGI_CHILDREN" => "0", "PHP_FCGI_MAX_REQUESTS" => "1000000"),
  "bin-copy-environment" => ("PATH", "VIOLATION", "VIOLATIONS"))))
`,
  );
  return file;
}

function apacheConfiguration({ port, directory, spare }: Place): string {
  php(directory);
  const file = join(directory, "apache.conf");
  const modules = ["mpm_event", "authz_core", "rewrite", "proxy", "proxy_fcgi", "env"];
  writeFileSync(
    file,
    `ServerName localhost
ServerRoot ${directory}
PidFile ${directory}/apache.pid
ErrorLog ${directory}/error.log
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
KeepAliveTimeout 120
MaxKeepAliveRequests 0
StartServers 1
ThreadsPerChild 25
MaxRequestWorkers 25
User nobody
Group nogroup
DocumentRoot ${directory}
RewriteEngine On
RewriteRule ^ /index.php [L]
ProxyFCGIBackendType GENERIC
<FilesMatch "\\.php$">
  SetHandler "proxy:fcgi://127.0.0.1:${spare}"
</FilesMatch>
`,
  );
  return file;
}

const RECIPES: readonly Recipe[] = [
  {
    name: "gunicorn",
    commands: ({ port, program }) => [
      [
        program("GUNICORN_PATH"),
        ...["--bind", `127.0.0.1:${port}`, "--chdir", APPS, "--worker-class", "gthread", "--threads", "8", "--keep-alive", "120"],
        "app:wsgi",
      ],
    ],
  },
  {
    name: "uvicorn",
    commands: ({ port, program }) => [
      [
        program("UVICORN_PATH"),
        ...["--host", "127.0.0.1", "--port", String(port), "--app-dir", APPS, "--no-access-log", "--log-level", "error"],
        ...["--timeout-keep-alive", "120", "app:asgi"],
      ],
    ],
  },
  {
    name: "Python's http.server",
    commands: ({ port, program }) => [[program("PYTHON_PATH"), join(APPS, "http_server.py"), String(port)]],
  },
  {
    name: "lighttpd with FastCGI",
    commands: (at) => [[at.program("LIGHTTPD_PATH"), "-D", "-f", lighttpdConfiguration(at)]],
  },
  {
    name: "Apache with FastCGI",
    commands: (at) => [
      [at.program("APACHE_PATH"), "-D", "FOREGROUND", "-f", apacheConfiguration(at)],
      [at.program("PHP_CGI_PATH"), "-b", `127.0.0.1:${at.spare}`],
    ],
  },
  { name: "Puma", commands: ({ program }) => [[program("PUMA_PATH"), "-C", join(APPS, "puma.rb")]] },
  {
    name: "Tomcat",
    commands: ({ port, directory, program }) => [
      [
        program("JAVA_PATH"),
        ...["-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", `${program("TOMCAT_PATH")}/lib/*:${program("TOMCAT_PATH")}/bin/*`],
        ...[join(APPS, "tomcat.java"), String(port), directory],
      ],
    ],
  },
];

/** The names of the servers that can be started, in their order. */
export const REAL_BACKENDS: readonly string[] = RECIPES.map(({ name }) => name);

async function freePort(): Promise<number> {
  const free = await listen("", () => undefined);
  await free.close();
  return free.port;
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

/** Starts one of the real servers on a free port and waits until it listens. `paths` may name the paths of programs. */
export async function startReal(name: string, paths: NodeJS.ProcessEnv): Promise<JudgingBackend> {
  const recipe = RECIPES.find((candidate) => candidate.name === name);
  if (!recipe) throw new Error(`There is no server called ${name}.`);
  const [port, spare] = [await freePort(), await freePort()];
  const directory = mkdtempSync(join(tmpdir(), "real-"));
  const app = join(directory, "app");
  mkdirSync(app);
  // Apache gives up its rights where it has them.
  for (const readable of [directory, app]) chmodSync(readable, 0o755);
  const violations = join(directory, "violations");
  writeFileSync(violations, "");
  const env = {
    ...paths,
    ...{ VIOLATION, VIOLATIONS: violations, APP_PORT: String(port), PYTHONDONTWRITEBYTECODE: "1" },
    // Without children, which would leave the group.
    ...{ PHP_FCGI_CHILDREN: "0", PHP_FCGI_MAX_REQUESTS: "1000000" },
  };
  const program = (variable: keyof typeof PROGRAMS) => paths[variable] ?? PROGRAMS[variable];
  // A group of their own, because servers have workers. The shell ends all of it with the server, or when this process is no more.
  const children = recipe.commands({ port, spare, directory: app, program }).map(([path, ...args]) => {
    const child = spawn("sh", ["-c", '("$@"; kill -9 0) & cat >/dev/null; kill -9 0', "sh", path, ...args], {
      env,
      cwd: directory,
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    const state = { child, over: false, said: () => said };
    for (const event of ["exit", "error"] as const)
      child.once(event, () => {
        state.over = true;
      });
    return state;
  });
  const kill = () => {
    for (const { child } of children) {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
  };
  process.once("exit", kill);
  while (!(await isOpen(port))) {
    const [server] = children;
    if (server?.over !== false) {
      kill();
      throw new Error(`${name} did not start: ${server?.said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name,
    port,
    origin: `http://127.0.0.1:${port}`,
    violations: () => (existsSync(violations) ? readFileSync(violations, "utf8").split("\n").filter(Boolean) : []),
    async close() {
      process.off("exit", kill);
      kill();
      await Promise.all(children.map(({ child, over }) => (over ? undefined : new Promise((resolve) => child.once("exit", resolve)))));
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
