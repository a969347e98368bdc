import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DatabaseUnavailable } from "@/components/shell/database-unavailable";
import { callbackPath } from "@/components/sign-in/callback-path";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { unlessUnavailable } from "@/lib/management/http/page";
import { currentUser } from "@/lib/platform/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ callbackUrl?: string | string[] }> }) {
  const destination = callbackPath((await searchParams).callbackUrl);
  const user = await unlessUnavailable(currentUser());
  if (user === null) return <DatabaseUnavailable />;
  if (user.value) redirect(destination);
  return <SignInForm destination={destination} />;
}
