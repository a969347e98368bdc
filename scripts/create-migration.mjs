import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/project.mjs";
import { filters, migrationsList, schemaEngine } from "./lib/schema-engine.mjs";
import { ensureDependencies, requireNode } from "./lib/setup.mjs";

// `npm run migration -- add-logs`: writes the SQL that leads from the committed migrations to prisma/schema.prisma.
const name = process.argv[2];
if (!name || !/^[a-z0-9]+([-_][a-z0-9]+)*$/.test(name)) {
  console.error("Name missing or invalid. Usage: npm run migration -- add-logs");
  process.exit(1);
}

requireNode();
await ensureDependencies();
const { PGlite } = await import("@electric-sql/pglite");
const { PGLiteSocketServer } = await import("@electric-sql/pglite-socket");

const socketDirectory = await mkdtemp(join(tmpdir(), "gatewright-migration-"));
const database = await PGlite.create();
const server = new PGLiteSocketServer({ db: database, path: join(socketDirectory, ".s.PGSQL.5432"), maxConnections: 10 });
await server.start();
try {
  const { engine, schema } = await schemaEngine(`postgresql://postgres@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`);
  const { stdout } = await engine.diff({
    from: { tag: "migrations", ...(await migrationsList()) },
    to: { tag: "schemaDatamodel", ...schema },
    script: true,
    exitCode: null,
    filters,
  });
  if (!stdout || /^-- This is an empty migration/m.test(stdout)) {
    console.log("Nothing to do: the migrations already lead to prisma/schema.prisma.");
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const directory = join(root, "prisma/migrations", `${stamp}_${name.replaceAll("-", "_")}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "migration.sql"), stdout);
    console.log(`Wrote ${directory}/migration.sql. Read it before you commit it.`);
  }
} finally {
  await server.stop();
  await database.close();
  await rm(socketDirectory, { recursive: true, force: true });
}
process.exit(0);
