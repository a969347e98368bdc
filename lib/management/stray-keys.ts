import { keyPairProblem } from "@/lib/definition/endpoint-tls";
import type { Problem } from "@/lib/definition/problems";
import { type Definition, ENVIRONMENTS } from "@/lib/definition/schema";
import type { SecretReferences } from "@/lib/definition/secrets";
import type { Transaction } from "@/lib/platform/database";
import { box } from "./context";

/** The client certificates whose keys are kept from before and are other certificates' keys. */
export async function strayKeys(tx: Transaction, apiId: string, definition: Definition, kept: SecretReferences): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const environment of ENVIRONMENTS) {
    const certificate = definition.endpoints[environment]?.tls?.certificate;
    const id = kept[`endpoints/${environment}/tls.key`];
    if (certificate === undefined || id === undefined) continue;
    const stored = await tx.secret.findUnique({ where: { id } });
    if (stored && keyPairProblem(certificate, box().open(stored.ciphertext, apiId)) !== undefined)
      problems.push({
        path: `endpoints.${environment}.tls.key`,
        message: "The key that is stored is not that of this certificate. Enter its key too.",
      });
  }
  return problems;
}
