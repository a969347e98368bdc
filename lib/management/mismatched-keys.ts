import { keyPairProblem } from "@/lib/definition/endpoint-tls";
import type { Problem } from "@/lib/definition/problems";
import { type Definition, ENVIRONMENTS } from "@/lib/definition/schema";
import type { SecretReferences } from "@/lib/definition/secrets";
import type { Transaction } from "@/lib/platform/database";
import { box } from "./context";

/**
 * Returns the client certificates that don't match their stored private key.
 * @param kept references of the secrets that the definition leaves unchanged
 */
export async function mismatchedKeys(tx: Transaction, apiId: string, definition: Definition, kept: SecretReferences): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const environment of ENVIRONMENTS) {
    const certificate = definition.endpoints[environment]?.tls?.certificate;
    const id = kept[`endpoints/${environment}/tls.key`];
    if (certificate === undefined || id === undefined) continue;
    const stored = await tx.secret.findUnique({ where: { id } });
    if (stored && keyPairProblem(certificate, box().open(stored.ciphertext, apiId)) !== undefined)
      problems.push({
        path: `endpoints.${environment}.tls.key`,
        message: "The stored key doesn't match this certificate. Enter its private key too.",
      });
  }
  return problems;
}
