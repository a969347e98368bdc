import type { Metadata } from "next";
import { PoliciesPage } from "@/components/authorization-servers/policies/policies-page";

export const metadata: Metadata = { title: "Access policies" };

export default function Page() {
  return <PoliciesPage />;
}
