/** One change between two definitions, as a sentence. */
export interface Change {
  kind: "added" | "removed" | "changed" | "moved";
  /** The path in the newer definition, or in the older one for a removal. */
  path: string;
  sentence: string;
  before?: string;
  after?: string;
}
