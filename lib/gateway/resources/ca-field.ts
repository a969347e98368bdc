import { pemCertificates } from "@/lib/definition/field-rules";

/** The CA certificates that an external server's TLS certificate must chain to. Safe for the browser. */
export const caField = {
  caCertificates: pemCertificates({
    title: "CA certificates",
    description:
      "PEM. The server's TLS certificate must be signed by one of these. Default: a public CA. The certificate and host name are always verified.",
    placeholder: "-----BEGIN CERTIFICATE-----",
    ui: "text-area",
    trusted: true,
    narrowing: "any",
    group: "advanced",
  }).optional(),
};
