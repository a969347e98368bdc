import type { Metadata } from "next";
import { CorsPage } from "@/components/cors/cors-page";

export const metadata: Metadata = { title: "CORS" };

export default function Page() {
  return <CorsPage />;
}
