/**
 * A place of a secret in a definition. Its key contains the owner's name and so survives reordering. Steps have no names: their keys
 * contain the position, and `mergeSecrets` matches them.
 */
export interface SecretSlot {
  /** `resources/<name>/<field>`, `flows/0/request/1/<field>`, `endpoints/<environment>/<field>`, `…/parameters/<name>` or `…/tls.key`. */
  key: string;
  /** The current path, for example `resources[0].config.clientSecret`. */
  path: string;
  title: string;
  required: boolean;
  /** What was typed; undefined or "" when the caller left it out. */
  value: string | undefined;
  /** The URLs that receive the secret, or a token made with it. */
  destinations: readonly string[];
  /** How it is sent: as another kind of credential it would arrive in another form, perhaps a readable one. */
  sentAs: string;
  /** The certificates (PEM) by which its receivers are verified; "" for public authorities. */
  trusted: readonly string[];
  /** Empties the slot in the definition that it was found in. */
  clear(): void;
}

/** Slot key to the ID of the stored secret. */
export type SecretReferences = Record<string, string>;
