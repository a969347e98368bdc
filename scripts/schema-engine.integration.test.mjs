import { expect, it } from "vitest";
import { migrate } from "@/lib/start/migrate";
import { emptyTestDatabase } from "@/lib/testing/postgres";
import { filters, migrationsList, schemaEngine } from "./lib/schema-engine.mjs";

it("the start's migrations leave a database that Prisma's own engine accepts: nothing to apply, nothing edited, no drift", async () => {
  const database = await emptyTestDatabase();
  try {
    await migrate(database.url, "prisma/migrations");
    const { engine, schema } = await schemaEngine(database.url);
    const migrations = await migrationsList();
    const diagnosis = await engine.diagnoseMigrationHistory({ migrationsList: migrations, optInToShadowDatabase: false, filters });
    expect(diagnosis).toMatchObject({ hasMigrationsTable: true, history: null, editedMigrationNames: [], failedMigrationNames: [] });
    expect(await engine.applyMigrations({ migrationsList: migrations, filters })).toEqual({ appliedMigrationNames: [] });
    const drift = await engine.diff({
      from: { tag: "schemaDatasource", ...schema, configDir: "prisma" },
      to: { tag: "schemaDatamodel", ...schema },
      script: true,
      exitCode: null,
      filters,
    });
    expect(drift.stdout).toMatch(/^-- This is an empty migration/);
  } finally {
    await database.drop();
  }
});
