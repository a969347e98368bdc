import { flowTitle } from "./diff";
import { flowProtection, protectionOf } from "./protection";
import type { Definition } from "./schema";

/**
 * What is allowed and seldom meant. Backends answer HEAD as they answer GET, without the body, so a flow that
 * guards GET alone lets everyone see the headers of what it guards.
 */
export function definitionWarnings(definition: Definition): string[] {
  if (["guarded", "scoped"].includes(protectionOf(definition))) return [];
  return definition.flows
    .filter((flow) => flow.enabled && flowProtection(flow) !== "open")
    .filter((flow) => flow.match.methods.includes("GET") && !flow.match.methods.includes("HEAD"))
    .map(
      (flow) =>
        `The flow ${flowTitle(flow)} asks for a token for GET and not for HEAD: without a token, HEAD still shows the headers of the same answers. List HEAD too.`,
    );
}
