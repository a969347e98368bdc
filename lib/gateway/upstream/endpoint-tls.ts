import { keyPairProblem } from "@/lib/definition/endpoint-tls";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import type { ConnectOptions } from "./connections";

/**
 * What of TLS sets the connections to an endpoint apart.
 * @throws Error that names the field whose key is missing or another certificate's
 */
export function endpointTls(
  environment: EnvironmentName,
  { tls }: Endpoint,
  secret: (slot: string) => { value: string } | undefined,
): Pick<ConnectOptions, "ca" | "identity"> {
  if (tls === undefined) return {};
  const { ca, certificate } = tls;
  if (certificate === undefined) return { ca };
  const key = secret(`endpoints/${environment}/tls.key`)?.value;
  if (!key) throw new Error(`endpoints.${environment}.tls.key: The key of the client certificate is required.`);
  const problem = keyPairProblem(certificate, key);
  if (problem) throw new Error(`endpoints.${environment}.tls.key: ${problem}`);
  return { ca, identity: { certificate, key } };
}
