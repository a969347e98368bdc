import { canonicalJson } from "@/lib/definition/canonical";
import { endpointTlsSlots } from "@/lib/definition/endpoint-tls";
import type { Endpoint } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** An endpoint without its secrets, and the secrets. */
function taken(endpoint: Endpoint) {
  const bare = structuredClone(endpoint);
  const slots = [...registry.endpointSecurity.secretSlots(bare.security), ...endpointTlsSlots("", bare.url, bare.tls)];
  const secrets = new Map(slots.map(({ path, value }) => [path, value]));
  for (const slot of slots) slot.clear();
  return { text: canonicalJson(bare), secrets };
}

/**
 * Whether a test of `now` would be what a test of `tested` was. A secret that was typed then and is blank now was saved since:
 * blank stands for the stored one.
 */
export function testsTheSame(tested: Endpoint, now: Endpoint): boolean {
  const [before, after] = [taken(tested), taken(now)];
  return before.text === after.text && [...after.secrets].every(([path, value]) => !value || value === before.secrets.get(path));
}
