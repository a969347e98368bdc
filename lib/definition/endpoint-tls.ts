import { z } from "zod";
import { certificateValidities } from "./certificate-facts";
import { certificatesProblem, nodeCrypto, pemCertificates, secretField } from "./field-rules";
import type { SecretSlot } from "./secret-slot";

const KEY_MAX = 20_000;

/** Validates a private key in PEM; undefined when it's valid. */
export function privateKeyProblem(pem: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem))
    return "This key has a passphrase. Remove it first: openssl pkey -in key.pem -out open.pem.";
  if (!/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/.test(pem))
    return "Paste the private key in PEM, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.";
  try {
    nodeCrypto()?.createPrivateKey(pem);
    return undefined;
  } catch {
    return "This private key can't be read.";
  }
}

/**
 * Checks that a key belongs to the first certificate; undefined when it does, when either is unreadable, and in a browser.
 */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const crypto = nodeCrypto();
  if (!crypto || certificatesProblem(certificate) !== undefined || privateKeyProblem(key) !== undefined) return undefined;
  if (new crypto.X509Certificate(certificate).checkPrivateKey(crypto.createPrivateKey(key))) return undefined;
  return "This key doesn't match the first certificate.";
}

/** TLS settings of an endpoint. Certificates are always verified. Safe for the browser. */
export const endpointTlsSchema = z
  .strictObject({
    ca: pemCertificates({
      title: "CA certificates",
      description:
        "PEM. If set, the backend's certificate must be signed by one of these CAs; otherwise by a public CA. Certificate and host name are always verified.",
      placeholder: "-----BEGIN CERTIFICATE-----",
      ui: "text-area",
    }).optional(),
    certificate: pemCertificates({
      title: "Client certificate",
      description: "PEM. The gateway's certificate for mutual TLS, then its intermediate certificates.",
      placeholder: "-----BEGIN CERTIFICATE-----",
      ui: "text-area",
    }).optional(),
    key: secretField(
      {
        title: "Client certificate key",
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
    if (certificate === undefined) context.addIssue({ code: "custom", path: ["certificate"], message: "Add the key's certificate." });
    const problem = certificate === undefined ? undefined : keyPairProblem(certificate, key);
    if (problem) context.addIssue({ code: "custom", path: ["key"], message: problem });
  })
  .meta({ title: "TLS", description: "Custom CAs, and a client certificate of the gateway (mutual TLS)." });

export type EndpointTls = z.output<typeof endpointTlsSchema>;

/** The secret slot of an endpoint's client key; empty without a certificate. */
export function endpointTlsSlots(environment: string, url: string, tls: EndpointTls | undefined): SecretSlot[] {
  if (tls?.certificate === undefined) return [];
  return [
    {
      key: `endpoints/${environment}/tls.key`,
      path: `endpoints.${environment}.tls.key`,
      title: "Client certificate key",
      required: true,
      value: tls.key,
      destinations: [url],
      // The key itself is never sent, so no CA is bound to it.
      sentAs: "tls",
      trusted: [],
      clear() {
        delete tls.key;
      },
    },
  ];
}

/** Summarizes certificates for a sentence: their number, the first one's expiry, and their last characters. */
function shownCertificates(pem: string | undefined): string {
  if (pem === undefined) return "none";
  const [first, ...others] = certificateValidities(pem);
  const until = first ? ` until ${first.notAfter.toISOString().slice(0, 10)}` : "";
  const end = pem.replace(/-----[^-]*-----|[\s=]/g, "").slice(-8);
  return `${others.length === 0 ? "one" : others.length + 1}${until} (…${end})`;
}

/** Summarizes TLS settings for a sentence, without the key. */
export function shownTls(tls: EndpointTls | undefined): { ca: string; certificate: string } {
  return { ca: shownCertificates(tls?.ca), certificate: shownCertificates(tls?.certificate) };
}
