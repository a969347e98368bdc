import type { ApplicationView } from "@/lib/management/contract/authorization";

type Method = ApplicationView["authentication"];

/** The ways in which an application proves who it is, as people choose them; the first is the one that most need. */
export const methods: readonly { id: Method; label: string; description: string }[] = [
  { id: "client_secret", label: "Client secret", description: "By Basic or in the body, as the program likes." },
  { id: "client_secret_basic", label: "Client secret, by Basic only", description: "client_secret_basic: in the Authorization header." },
  { id: "client_secret_post", label: "Client secret, in the body only", description: "client_secret_post: beside the other form fields." },
  {
    id: "private_key_jwt",
    label: "Private key JWT",
    description: "It signs an assertion with a key of its own (RFC 7523). No secret is shared.",
  },
];

/** What a way of proving who one is is called. */
export const methodLabel = (method: Method): string => methods.find(({ id }) => id === method)?.label ?? method;

/** Whether an application that proves itself so has client secrets. */
export const usesSecrets = (method: Method): boolean => method !== "private_key_jwt";
