import { z } from "zod";
import { certificateValidities } from "./certificate-facts";
import { certificatesProblem, nodeCrypto, pemCertificates, secretField } from "./field-rules";
import type { SecretSlot } from "./secrets";

const KEY_MAX = 20_000;

/** Says what is wrong with a private key in PEM, or nothing. */
export function privateKeyProblem(pem: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem))
    return "This key is locked by a passphrase. Take it off first: openssl pkey -in key.pem -out open.pem.";
  if (!/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/.test(pem))
    return "Paste the private key in PEM, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.";
  try {
    nodeCrypto()?.createPrivateKey(pem);
    return undefined;
  } catch {
    return "This is not a private key that can be read.";
  }
}

/**
 * Says that a key is not that of the first of some certificates, or nothing: what cannot be read is the business of others, and
 * where there is no Node to compare them, nothing is said.
 */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const crypto = nodeCrypto();
  if (!crypto || certificatesProblem(certificate) !== undefined || privateKeyProblem(key) !== undefined) return undefined;
  if (new crypto.X509Certificate(certificate).checkPrivateKey(crypto.createPrivateKey(key))) return undefined;
  return "This is not the key of the certificate, or its certificate is not the first one.";
}

/** How TLS with a backend differs from what it is without any settings. It is verified in any case. Safe for the browser. */
export const endpointTlsSchema = z
  .strictObject({
    ca: pemCertificates({
      title: "CA certificates",
      description:
        "PEM. With any, the backend's TLS certificate must be signed by one of these; without, by a public authority. It is verified in either case, and so is the host name.",
      placeholder: "-----BEGIN CERTIFICATE-----",
      ui: "text-area",
    }).optional(),
    certificate: pemCertificates({
      title: "Client certificate",
      description: "PEM. With what the gateway identifies itself to the backend; those that lead to its authority follow it.",
      placeholder: "-----BEGIN CERTIFICATE-----",
      ui: "text-area",
    }).optional(),
    key: secretField(
      {
        title: "Key of the client certificate",
        description: "PEM, without a passphrase.",
        placeholder: "-----BEGIN PRIVATE KEY-----",
        ui: "text-area",
        sentTo: ["url"],
      },
      KEY_MAX,
    ).superRefine((value, context) => {
      const problem = value ? privateKeyProblem(value) : undefined;
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
  })
  .superRefine(({ certificate, key }, context) => {
    if (!key) return;
    if (certificate === undefined) context.addIssue({ code: "custom", path: ["certificate"], message: "Add the certificate of the key." });
    const problem = certificate === undefined ? undefined : keyPairProblem(certificate, key);
    if (problem) context.addIssue({ code: "custom", path: ["key"], message: problem });
  })
  .meta({ title: "TLS", description: "Own authorities, and a certificate of the gateway's own (mutual TLS)." });

export type EndpointTls = z.output<typeof endpointTlsSchema>;

/** Where the key of an endpoint's client certificate is kept: nowhere without a certificate. */
export function endpointTlsSlots(environment: string, url: string, tls: EndpointTls | undefined): SecretSlot[] {
  if (tls?.certificate === undefined) return [];
  return [
    {
      key: `endpoints/${environment}/tls.key`,
      path: `endpoints.${environment}.tls.key`,
      title: "Key of the client certificate",
      required: true,
      value: tls.key,
      destinations: [url],
      // The key itself never leaves the gateway: no certificate of the other side could get it.
      sentAs: "tls",
      trusted: [],
      clear() {
        delete tls.key;
      },
    },
  ];
}

/** Certificates as a sentence can name them: how many, until when the first is good, and by what they are told apart. */
function shownCertificates(pem: string | undefined): string {
  if (pem === undefined) return "none";
  const [first, ...others] = certificateValidities(pem);
  const until = first ? ` until ${first.notAfter.toISOString().slice(0, 10)}` : "";
  const end = pem.replace(/-----[^-]*-----|[\s=]/g, "").slice(-8);
  return `${others.length === 0 ? "one" : others.length + 1}${until} (…${end})`;
}

/** What TLS settings come down to in a sentence. The key is a secret and told apart. */
export function shownTls(tls: EndpointTls | undefined): { ca: string; certificate: string } {
  return { ca: shownCertificates(tls?.ca), certificate: shownCertificates(tls?.certificate) };
}
