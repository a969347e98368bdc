import { pemCertificates } from "@/lib/definition/field-rules";

/** The field of every foreign server's resource that says by whom its TLS certificate must be signed. Safe for the browser. */
export const caField = {
  caCertificates: pemCertificates({
    title: "CA certificates",
    description:
      "PEM. With any, the server's TLS certificate must be signed by one of these; without, by a public authority. It is verified in either case, and so is the host name.",
    placeholder: "-----BEGIN CERTIFICATE-----",
    ui: "text-area",
    trusted: true,
    narrowing: "any",
    group: "advanced",
  }).optional(),
};
