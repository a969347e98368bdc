import { existsSync } from "node:fs";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
import { ensureFirstAdministrator } from "@/lib/management/first-administrator";
import { type Environment, EnvironmentError, readEnvironment } from "@/lib/platform/env";
import { Shutdown } from "@/lib/platform/shutdown";
import { StartFailure } from "@/lib/platform/start-failure";
import { banner } from "./banner";
import { holdBuild, holdExistingBuild } from "./build";
import { startConsole } from "./console-process";
import { secretKeyFor, tieDatabaseToKey } from "./console-secret-key";
import { openDataDirectory } from "./data-directory";
import { requirePostgres } from "./external-postgres";
import { migrate } from "./migrate";
import { requireFreePort } from "./processes";
import { startEmbeddedPostgres } from "./supervise-postgres";

/** After a killed supervisor, its console needs some time to exit and free the port. */
const PREVIOUS_CONSOLE_WAIT_MS = 10_000;

const root = join(import.meta.dirname, "..");
const distDir = process.env.GATEWRIGHT_DIST_DIR || ".next";

/** Starts the database and the console, and keeps them running until the shutdown. */
async function start(mode: "start" | "dev", shutdown: Shutdown): Promise<void> {
  const environment = readEnvironment(process.env);
  const dataDirectory = await openDataDirectory(environment.dataDir);
  shutdown.add(() => dataDirectory.release());
  await requireFreePort(environment.port, dataDirectory.tookOver ? PREVIOUS_CONSOLE_WAIT_MS : 0);
  if (environment.databaseUrl) {
    await requirePostgres(environment.databaseUrl);
    // Fail before the build, which takes minutes.
    await secretKeyFor(environment.databaseUrl, dataDirectory.path, environment.secretKey);
  }
  if (mode === "start") {
    const build = process.argv.includes("--no-build")
      ? await holdExistingBuild(root, distDir)
      : await holdBuild(root, distDir, process.env, shutdown.signal);
    shutdown.add(() => build.release());
  }

  const databaseUrl = environment.databaseUrl ?? (await embeddedDatabase(dataDirectory.path, shutdown));
  const key = await secretKeyFor(databaseUrl, dataDirectory.path, environment.secretKey);
  const applied = await migrate(databaseUrl, join(root, "prisma/migrations"));
  if (applied.length > 0) console.log(`Applied database migrations: ${applied.join(", ")}.`);
  await tieDatabaseToKey(databaseUrl, dataDirectory.path, key);
  const administrator = await firstAdministrator(databaseUrl, environment);

  const served = await startConsole({
    root,
    mode,
    port: environment.port,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      GATEWRIGHT_DATA_DIR: dataDirectory.path,
      GATEWRIGHT_SECRET_KEY: key,
      GATEWRIGHT_DIST_DIR: distDir,
      NEXTAUTH_URL: environment.publicUrl,
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: mode === "dev" ? "development" : "production",
    },
    onChild: (stop) => shutdown.add(stop),
  });
  console.log(banner({ environment, dataDir: dataDirectory.path, administrator }));
  const reason = await served.ended;
  if (!shutdown.signal.aborted) throw new StartFailure(`${reason} Restart it with npm ${mode === "dev" ? "run dev" : "start"}.`);
}

async function embeddedDatabase(dataDir: string, shutdown: Shutdown): Promise<string> {
  console.log("Starting the embedded Postgres.");
  const postgres = await startEmbeddedPostgres(dataDir, join(root, "dist/embedded-postgres.js"));
  shutdown.add(() => postgres.stop());
  return postgres.url;
}

async function firstAdministrator(databaseUrl: string, environment: Environment): Promise<{ email: string; password?: string }> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: 1 }) });
  try {
    return await ensureFirstAdministrator(prisma, { email: environment.adminEmail, password: environment.adminPassword });
  } finally {
    await prisma.$disconnect();
  }
}

async function main(): Promise<void> {
  const shutdown = new Shutdown();
  shutdown.listen();
  try {
    if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
    if (process.argv.includes("--build-only")) {
      await (await holdBuild(root, distDir, process.env, shutdown.signal)).release();
      console.log("Build complete.");
      return;
    }
    await start(process.argv.includes("--dev") ? "dev" : "start", shutdown);
  } catch (error) {
    // Errors during the shutdown aren't failures.
    if (!shutdown.signal.aborted) {
      if (error instanceof StartFailure || error instanceof EnvironmentError) console.error(error.message);
      else console.error(error);
      process.exitCode = 1;
    }
  } finally {
    await shutdown.run();
  }
  process.exit();
}

void main();
