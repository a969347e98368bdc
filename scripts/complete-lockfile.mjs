import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { withoutIntegrity } from "./lib/lockfile.mjs";

/**
 * Adds to package-lock.json the platform packages that npm left out, and the integrity that the registry names for them. Behind a registry mirror that holds only some
 * platforms, npm drops the optional packages of the others from the lockfile, and then `npm ci` refuses it everywhere.
 * Run it after adding a dependency: `npm run lockfile`.
 */
const FILE = "package-lock.json";
const SYSTEMS = ["darwin", "linux", "win32", "android", "freebsd", "openbsd", "netbsd", "sunos", "aix", "openharmony", "linuxmusl"];
const PROCESSORS = {
  x64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
  arm: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  s390x: "s390x",
  riscv64: "riscv64",
  loong64: "loong64",
  mips64el: "mips64el",
  wasm32: "wasm32",
};

/** The operating system, processor and C library that a package's name speaks of. */
function platformOf(name) {
  const parts = name.split(/[/-]/);
  const system = SYSTEMS.find((candidate) => parts.includes(candidate));
  const processor = parts.map((part) => PROCESSORS[part] ?? (part.startsWith("arm") ? "arm" : undefined)).find(Boolean);
  const libc = parts.includes("musl") || system === "linuxmusl" ? ["musl"] : parts.includes("gnu") ? ["glibc"] : undefined;
  return {
    ...(processor ? { cpu: [processor] } : {}),
    ...(libc ? { libc } : {}),
    ...(system ? { os: [system === "linuxmusl" ? "linux" : system] } : {}),
  };
}

const lockfile = JSON.parse(readFileSync(FILE, "utf8"));
const { packages } = lockfile;
const added = [];
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const isThere = packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`];
    const version = /^[\^~]?(\d[^\s|]*)$/.exec(range)?.[1];
    const platform = platformOf(name);
    if (isThere || !version || Object.keys(platform).length === 0) continue;
    packages[`node_modules/${name}`] = { version, ...platform, optional: true, ...(entry.dev ? { dev: true } : {}) };
    added.push(name);
  }
}
for (const path of withoutIntegrity(lockfile)) {
  const entry = packages[path];
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const integrity = execFileSync("npm", ["view", `${name}@${entry.version}`, "dist.integrity"], { encoding: "utf8" }).trim();
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) throw new Error(`The registry names no integrity of ${name}@${entry.version}.`);
  const { version, ...rest } = entry;
  packages[path] = { version, integrity, ...rest };
}
const [root, ...others] = Object.entries(packages);
lockfile.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
for (const entry of Object.values(lockfile.packages)) delete entry.resolved;
writeFileSync(FILE, `${JSON.stringify(lockfile, null, 2)}\n`);
process.stdout.write(added.length ? `Added ${added.length} platform packages: ${added.join(", ")}\n` : "The lockfile is complete.\n");
