import type { Metadata } from "next";
import { PreviewPage } from "@/components/authorization-servers/preview/preview-page";

export const metadata: Metadata = { title: "Token preview" };

export default function Page() {
  return <PreviewPage />;
}
