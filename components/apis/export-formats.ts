import { urlOf } from "@/components/data/client";

/** One form in which an API can be taken along. */
export interface ExportFormat {
  id: "yaml" | "json" | "postman" | "curl";
  title: string;
  description: string;
  /** What follows "Export" on a button. */
  word: string;
}

/** Every form, the one to import again first. */
export const exportFormats: readonly ExportFormat[] = [
  {
    id: "yaml",
    title: "Gatewright YAML",
    description: "The definition, to import again here or in another Gatewright.",
    word: "YAML",
  },
  { id: "json", title: "Gatewright JSON", description: "The same definition as JSON.", word: "JSON" },
  {
    id: "postman",
    title: "Postman collection",
    description: "The token request and every operation, with variables for host, client and token.",
    word: "Postman collection",
  },
  {
    id: "curl",
    title: "curl script",
    description: "The same calls for a shell; it takes the client's credentials from its environment.",
    word: "curl script",
  },
];

/** Where an API is exported; the answer names the file. */
export const exportHref = (apiId: string, { id }: ExportFormat) => urlOf("exportApi", { params: { id: apiId }, query: { format: id } });
