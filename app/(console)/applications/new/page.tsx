import type { Metadata } from "next";
import { CreateApplicationPage } from "@/components/applications/create-application-page";

export const metadata: Metadata = { title: "Create application" };

export default function NewApplicationPage() {
  return <CreateApplicationPage />;
}
