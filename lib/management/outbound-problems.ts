import { calledUrls } from "@/lib/definition/called-urls";
import type { Problem } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { outbound } from "@/lib/platform/outbound/own";

/** The URLs of a definition whose hosts gateways never call, as far as the URLs themselves tell. What names resolve to, gateways see. */
export function forbiddenUrls(definition: Definition): Problem[] {
  return calledUrls(definition, registry).flatMap(({ path, url }) => {
    const problem = outbound().hostProblem(new URL(url).hostname);
    return problem === null ? [] : [{ path, message: `Gateways do not call this host: ${problem}.` }];
  });
}
