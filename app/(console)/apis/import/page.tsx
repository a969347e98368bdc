import type { Metadata } from "next";
import { ImportApiPage } from "@/components/apis/import-api-page";

export const metadata: Metadata = { title: "Import API" };

export default function ImportPage() {
  return <ImportApiPage />;
}
