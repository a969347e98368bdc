import { calledUrls } from "@/lib/definition/called-urls";
import type { Problem } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { outbound } from "@/lib/platform/outbound/own";

/** Returns the URLs of a definition that the outbound rules block by host. Gateways check the resolved addresses themselves. */
export function forbiddenUrls(definition: Definition): Problem[] {
  return calledUrls(definition, registry).flatMap(({ path, url }) => {
    const problem = outbound().hostProblem(new URL(url).hostname);
    return problem === null ? [] : [{ path, message: `Outbound rules block this host: ${problem}.` }];
  });
}
