import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const refused: [file: string, imported: string][] = [
  ["lib/definition/x.ts", "@/lib/gateway/ports"],
  ["lib/definition/x.ts", "../gateway/ports"],
  ["lib/http-client/x.ts", "@/lib/platform/env"],
  ["lib/http-client/x.ts", "../gateway/ports"],
  ["lib/client-address/x.ts", "@/lib/platform/env"],
  ["lib/client-address/x.ts", "../gateway/ports"],
  ["lib/gateway/x.ts", "@/lib/platform/env"],
  ["lib/gateway/x.ts", "../platform/env"],
  ["lib/gateway/policies/oauth2/x.ts", "../../../platform/env"],
  ["lib/gateway/x.ts", "../start/x"],
  ["lib/gateway/x.ts", "next/server"],
  ["lib/gateway/x.ts", "react"],
  ["lib/gateway/x.ts", "@prisma/client"],
  ["lib/gateway/x.ts", "ioredis"],
  ["lib/authorization-server/x.ts", "../definition/schema"],
  ["lib/authorization-server/x.ts", "@/lib/management/apis"],
  ["lib/gateway-host/x.ts", "@/lib/data-plane/settings"],
  ["lib/gateway-host/x.ts", "../data-plane/settings"],
  ["lib/gateway-host/x.ts", "@/lib/management/apis"],
  ["lib/gateway-host/x.ts", "@/lib/platform/database"],
  ["lib/gateway-host/x.ts", "@/generated/prisma/client"],
  ["lib/gateway-host/x.ts", "pg"],
  ["lib/gateway-host/x.ts", "next/server"],
  ["lib/gateway/x.ts", "@/lib/gateway-host/host"],
  ["lib/gateway/x.ts", "../gateway-host/host"],
  ["lib/platform/x.ts", "../gateway-host/host"],
  ["lib/data-plane/x.ts", "@/lib/management/apis"],
  ["lib/data-plane/x.ts", "@/lib/platform/database"],
  ["lib/data-plane/workers/x.ts", "@/lib/platform/session"],
  ["lib/data-plane/workers/x.ts", "@/generated/prisma/client"],
  ["lib/data-plane/x.ts", "../start/banner"],
  ["lib/data-plane/x.ts", "@prisma/client"],
  ["lib/data-plane/x.ts", "next/server"],
  ["lib/start/x.ts", "@/lib/management/apis"],
  ["lib/start/x.ts", "../gateway/ports"],
  ["lib/platform/x.ts", "../management/apis"],
  ["lib/platform/x.ts", "@/lib/gateway/ports"],
  ["lib/management/x.ts", "@/components/ui/button"],
  ["lib/management/http/x.ts", "../../../components/ui/button"],
  ["lib/management/contract/x.ts", "../apis"],
  ["lib/management/contract/x.ts", "@/lib/platform/database"],
  ["components/studio/x.tsx", "@/lib/management/apis"],
  ["components/studio/x.tsx", "../../lib/management/apis"],
  ["components/studio/x.tsx", "@/lib/gateway/policies/oauth2/handler"],
  ["app/(console)/x.tsx", "@/lib/platform/database"],
  ["app/(console)/apis/x.tsx", "../../../lib/platform/database"],
  ["app/(console)/x.tsx", "@/lib/authorization-server/provider"],
];

const allowed: [file: string, imported: string][] = [
  ["lib/definition/x.ts", "./schema"],
  ["lib/http-client/x.ts", "../../package.json"],
  ["lib/gateway/x.ts", "@/lib/http-client/send-request"],
  ["lib/gateway/x.ts", "@/lib/client-address/client-address"],
  ["lib/platform/x.ts", "@/lib/client-address/client-address"],
  ["lib/authorization-server/x.ts", "@/lib/http-client/send-request"],
  ["lib/gateway/x.ts", "@/lib/definition/schema"],
  ["lib/gateway/policies/oauth2/x.ts", "../../headers"],
  ["lib/gateway/adapters/x.ts", "../gateway"],
  ["lib/authorization-server/x.ts", "@/lib/platform/database"],
  ["lib/gateway-host/x.ts", "@/lib/gateway/gateway"],
  ["lib/gateway-host/x.ts", "@/lib/platform/log"],
  ["lib/data-plane/x.ts", "@/lib/gateway/gateway"],
  ["lib/data-plane/x.ts", "@/lib/gateway-host/keeper"],
  ["lib/data-plane/workers/x.ts", "@/lib/platform/log"],
  ["lib/data-plane/workers/x.ts", "../serving"],
  ["lib/start/x.ts", "@/lib/management/first-administrator"],
  ["lib/platform/x.ts", "@/generated/prisma/client"],
  ["lib/management/http/x.ts", "../apis"],
  ["lib/management/x.ts", "@/lib/gateway/gateway"],
  ["lib/management/x.ts", "@/lib/gateway-host/keeper"],
  ["lib/management/contract/x.ts", "@/lib/definition/schema"],
  ["components/studio/x.tsx", "@/lib/gateway/policies/oauth2/schema"],
  ["components/try-it/x.tsx", "@/lib/gateway/error-words"],
  ["components/studio/x.tsx", "@/lib/management/contract/apis"],
  ["components/studio/x.tsx", "../ui/button"],
  ["app/(console)/x.tsx", "@/lib/management/apis"],
  ["app/(console)/x.tsx", "@/lib/platform/session"],
  ["lib/gateway/x.test.ts", "@/lib/testing/postgres"],
];

let folder: string;
let reported: Set<string>;

const numbered = (cases: [string, string][], prefix: string) =>
  cases.map(([file, imported], index) => ({ file: file.replace(/\/x\./, `/${prefix}-${index}.`), imported }));

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "gatewright-import-rules-")));
  await cp("biome.json", join(folder, "biome.json"));
  await cp(".gitignore", join(folder, ".gitignore"));
  for (const { file, imported } of [...numbered(refused, "refused"), ...numbered(allowed, "allowed")]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `import { x } from ${JSON.stringify(imported)};\nexport const y = x;\n`);
  }
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const output = await new Promise<string>((resolve) => {
    const args = [biome, "lint", "--reporter=github", "--max-diagnostics=none", "."];
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  reported = new Set(
    [...output.matchAll(/title=lint\/style\/noRestrictedImports,file=([^,]+),line=/g)].map((match) => relative(folder, match[1] ?? "")),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the import rules", () => {
  it.each(numbered(refused, "refused"))("refuse $imported in $file", ({ file }) => {
    expect(reported).toContain(file);
  });

  it.each(numbered(allowed, "allowed"))("allow $imported in $file", ({ file }) => {
    expect(reported).not.toContain(file);
  });
});
