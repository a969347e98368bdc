import type { ApplicationView } from "@/lib/management/contract/authorization";

type Method = ApplicationView["authentication"];

/** The client authentication methods, the most common first. */
export const methods: readonly { id: Method; label: string; description: string }[] = [
  { id: "client_secret", label: "Client secret", description: "By HTTP Basic or in the request body." },
  { id: "client_secret_basic", label: "Client secret, Basic only", description: "client_secret_basic: in the Authorization header." },
  { id: "client_secret_post", label: "Client secret, body only", description: "client_secret_post: among the form fields." },
  {
    id: "private_key_jwt",
    label: "Private key JWT",
    description: "The application signs an assertion with its private key (RFC 7523). No shared secret.",
  },
];

/** Returns a method's label. */
export const methodLabel = (method: Method): string => methods.find(({ id }) => id === method)?.label ?? method;

/** Returns whether a method uses client secrets. */
export const usesSecrets = (method: Method): boolean => method !== "private_key_jwt";
