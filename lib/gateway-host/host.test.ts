import { expect, test } from "vitest";
import { definition } from "@/lib/gateway/testing/fixtures";
import { createOutbound } from "@/lib/platform/outbound/connector";
import { secretBox } from "@/lib/platform/secrets";
import { type Assignment, packed } from "./assignment";
import { createHost } from "./host";

const host = () =>
  createHost({
    gateway: {
      publicUrl: "http://gateway.example",
      metadataUrl: "http://gateway.example/.well-known/oauth-protected-resource",
      outbound: createOutbound({ allow: [], deny: [], proxy: null, noProxy: [] }),
      sharesConsoleOrigin: false,
    },
    callLogPercent: 100,
    secrets: secretBox(Buffer.alloc(32).toString("base64")),
    query: () => Promise.reject(new Error("Nothing is queried.")),
  });

const assignmentOf = (number: number, ended: Assignment["ended"] = { parts: [], clients: [] }): Assignment => {
  const document = definition({ contextPath: "/one", endpoints: { production: { url: "http://127.0.0.1:9" } } });
  const json = JSON.stringify({ definition: document, secrets: {} });
  return { deployments: [packed("api_1", number, json)], servers: [], ended, tokenDrops: [] };
};

test("an assignment with the same deployments and other revocations doesn't replace them", async () => {
  const one = host();
  const first = await one.take(assignmentOf(1));
  expect(first).toEqual({ deployments: [{ apiId: "api_1", number: 1 }], problems: [], serving: 1 });
  expect(await one.take(assignmentOf(1, { parts: [{ key: "1", tokens: [["shop", "revoked"]] }], clients: [] }))).toBe(first);
  expect(await one.take(assignmentOf(2))).toMatchObject({ deployments: [{ apiId: "api_1", number: 2 }] });
  expect(await one.take({ ...assignmentOf(2), deployments: [] })).toMatchObject({ deployments: [] });
  await one.gateway.close();
});
