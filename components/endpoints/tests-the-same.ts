import { canonicalJson } from "@/lib/definition/canonical";
import { endpointTlsSlots } from "@/lib/definition/endpoint-tls";
import type { Endpoint } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** Splits an endpoint into its settings and its secrets. */
function taken(endpoint: Endpoint) {
  const bare = structuredClone(endpoint);
  const slots = [...registry.endpointSecurity.secretSlots(bare.security), ...endpointTlsSlots("", bare.url, bare.tls)];
  const secrets = new Map(slots.map(({ path, value }) => [path, value]));
  for (const slot of slots) slot.clear();
  return { text: canonicalJson(bare), secrets };
}

/**
 * Returns whether testing `now` is the same as testing `tested`. A secret typed then and blank now was saved since:
 * blank means the stored one.
 */
export function testsTheSame(tested: Endpoint, now: Endpoint): boolean {
  const [before, after] = [taken(tested), taken(now)];
  return before.text === after.text && [...after.secrets].every(([path, value]) => !value || value === before.secrets.get(path));
}
