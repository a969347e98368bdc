import type { Metadata } from "next";
import { CreateApiPage } from "@/components/apis/create-api-page";

export const metadata: Metadata = { title: "Create API" };

export default function NewApiPage() {
  return <CreateApiPage />;
}
