import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { callbackPath } from "@/components/sign-in/callback-path";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { currentUser } from "@/lib/platform/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ callbackUrl?: string | string[] }> }) {
  const destination = callbackPath((await searchParams).callbackUrl);
  if (await currentUser()) redirect(destination);
  return <SignInForm destination={destination} />;
}
