import type { Metadata } from "next";
import { ApiListPage } from "@/components/apis/api-list-page";

export const metadata: Metadata = { title: "APIs" };

export default function ApisPage() {
  return <ApiListPage />;
}
