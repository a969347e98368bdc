/** One form in which an API can be taken along. */
export interface ExportFormat {
  id: "yaml" | "json" | "postman" | "curl";
  title: string;
  description: string;
  /** What follows "Export" on a button. */
  word: string;
  /** The end of the file's name. */
  ending: string;
}

/** Every form, the one to import again first. */
export const exportFormats: readonly ExportFormat[] = [
  {
    id: "yaml",
    title: "Gatewright YAML",
    description: "The definition, to import again here or in another Gatewright.",
    word: "YAML",
    ending: ".yaml",
  },
  { id: "json", title: "Gatewright JSON", description: "The same definition as JSON.", word: "JSON", ending: ".json" },
  {
    id: "postman",
    title: "Postman collection",
    description: "The token request and every operation, with variables for host, client and token.",
    word: "Postman collection",
    ending: ".postman_collection.json",
  },
  {
    id: "curl",
    title: "curl script",
    description: "The same calls for a shell; it takes the client's credentials from its environment.",
    word: "curl script",
    ending: ".sh",
  },
];

/** Where an API is exported. */
export const exportHref = (apiId: string, { id }: ExportFormat) => `/api/v1/apis/${apiId}/export?format=${id}`;

/** A file name that every system takes, made from the API's name: `orders-of-the-shop.yaml`. */
export function fileNameOf(apiName: string, { ending }: ExportFormat): string {
  const stem = apiName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${stem || "api"}${ending}`;
}
