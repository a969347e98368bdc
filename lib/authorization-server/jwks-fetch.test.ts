import { request } from "undici";
import { expect, test } from "vitest";
import { createOutbound } from "@/lib/platform/outbound/connector";
import { guardedAgent } from "./jwks-fetch";

test.each([["169.254.169.254"], ["93.184.216.34", "169.254.169.254"], []])(
  "a key set is not fetched from a name that is at %s %s",
  async (...addresses: string[]) => {
    const outbound = createOutbound({ deny: [], allow: [], proxy: null, noProxy: [] }, (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
    const agent = guardedAgent(outbound);
    await expect(request("http://keys.example/jwks", { dispatcher: agent })).rejects.toMatchObject({ code: "OUTBOUND_REFUSED" });
    await agent.close();
  },
);
