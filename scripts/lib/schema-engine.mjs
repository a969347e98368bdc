import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./project.mjs";

const require = createRequire(import.meta.url);

const CHAR_OID = 18;
const TEXT_OID = 25;
/** `ColumnTypeEnum.Character` of @prisma/driver-adapter-utils. */
const CHARACTER_COLUMN = 6;

/** Nothing in the database is managed by anyone else. */
export const filters = { externalTables: [], externalEnums: [] };

/**
 * Prisma's own schema engine as WebAssembly, on one Postgres. `prisma migrate` wants a native binary that is
 * downloaded at its first call; this one comes with the packages, so that migrations are made without a network.
 * The package exports an entry for bundlers only, hence the instantiation by hand.
 *
 * @param {string} connectionString an empty database may serve as the shadow database too
 */
export async function schemaEngine(connectionString) {
  const entry = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(pathToFileURL(entry).href);
  const { instance } = await WebAssembly.instantiate(await readFile(entry.replace(/\.js$/, ".wasm")), {
    "./schema_engine_bg.js": bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();

  const { PrismaPg } = await import("@prisma/adapter-pg");
  const { bindMigrationAwareSqlAdapterFactory } = createRequire(require.resolve("@prisma/adapter-pg"))("@prisma/driver-adapter-utils");
  const adapters = new PrismaPg({ connectionString });
  const connect = async () => readingCatalogs(await adapters.connect());
  // The embedded Postgres has a single database, which is empty when the shadow database is requested.
  const factory = { provider: adapters.provider, adapterName: adapters.adapterName, connect, connectToShadowDb: connect };
  const schema = { files: [{ path: "schema.prisma", content: await readFile(join(root, "prisma/schema.prisma"), "utf8") }] };
  const engine = await bindings.SchemaEngine.new(
    { datamodels: schema.files.map((file) => [file.path, file.content]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, schema };
}

/**
 * The catalogs of Postgres have columns of the one-byte type "char", which the adapter does not know: they are
 * announced as text to it and as a character to the engine.
 */
function readingCatalogs(adapter) {
  const charColumns = new WeakMap();
  const performIO = adapter.performIO.bind(adapter);
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    const indexes = result.fields.flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : []));
    if (indexes.length === 0) return result;
    charColumns.set(result.rows, indexes);
    return {
      ...result,
      fields: result.fields.map((field) => (field.dataTypeID === CHAR_OID ? { name: field.name, dataTypeID: TEXT_OID } : field)),
    };
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = CHARACTER_COLUMN;
    return result;
  };
  return adapter;
}

/** The committed migrations in the engine's format. */
export async function migrationsList() {
  const baseDir = join(root, "prisma/migrations");
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(() => []);
  const directories = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(baseDir, "migration_lock.toml"), "utf8").catch(() => null) },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      directories.sort().map(async (path) => ({
        path,
        migrationFile: {
          path: "migration.sql",
          content: { tag: "ok", value: await readFile(join(baseDir, path, "migration.sql"), "utf8") },
        },
      })),
    ),
  };
}
