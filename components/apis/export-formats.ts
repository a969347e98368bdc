import { urlOf } from "@/components/data/client";

/** One export format of an API. */
export interface ExportFormat {
  id: "yaml" | "json" | "postman" | "curl";
  title: string;
  description: string;
  /** The text after "Export" on a button. */
  word: string;
}

/** All export formats; the one to import again comes first. */
export const exportFormats: readonly ExportFormat[] = [
  {
    id: "yaml",
    title: "Gatewright YAML",
    description: "The definition, to import into this or another Gatewright.",
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
    description: "The same requests as a shell script. Reads the client credentials from environment variables.",
    word: "curl script",
  },
];

/** Returns an API's export URL; the response names the file. */
export const exportHref = (apiId: string, { id }: ExportFormat) => urlOf("exportApi", { params: { id: apiId }, query: { format: id } });
