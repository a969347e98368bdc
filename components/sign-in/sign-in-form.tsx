"use client";

import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Mark } from "@/components/shell/mark";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { useHydrated } from "@/components/ui/use-hydrated";
import { attemptSignIn } from "./attempt-sign-in";
import { CredentialField } from "./credential-field";
import { GatePicture } from "./gate-picture";

/** The sign-in form. Supports password managers and pasting. */
export function SignInForm({ destination }: { destination: string }) {
  const isHydrated = useHydrated();
  const [isPasswordShown, setIsPasswordShown] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const fields = new FormData(event.currentTarget);
    const typed = { email: String(fields.get("email") ?? "").trim(), password: String(fields.get("password") ?? "") };
    const absent = {
      ...(typed.email === "" && { email: "Enter your email address." }),
      ...(typed.password === "" && { password: "Enter your password." }),
    };
    setMissing(absent);
    setProblem(undefined);
    if (Object.keys(absent).length > 0) return;
    setIsPending(true);
    const failure = await attemptSignIn(typed.email, typed.password);
    if (failure === undefined) {
      // A full page load discards what was rendered while signed out.
      window.location.assign(destination);
      return;
    }
    setProblem(failure);
    setIsPending(false);
  }

  return (
    <main className="grid min-h-dvh bg-sunken lg:grid-cols-[minmax(0,1fr)_minmax(0,480px)]">
      <div className="hidden flex-col justify-between p-10 lg:flex">
        <span className="flex items-center gap-2.5 font-semibold text-base">
          <Mark className="size-5 text-accent" />
          Gatewright
        </span>
        <GatePicture />
        <p className="text-muted">OAuth 2.0 in front of your HTTP APIs.</p>
      </div>
      <div className="flex flex-col justify-center border-line bg-surface px-6 py-12 sm:px-16 lg:border-l">
        <form method="post" onSubmit={submit} noValidate className="mx-auto flex w-full max-w-80 flex-col gap-5">
          <div className="flex flex-col gap-6">
            <span className="flex items-center gap-2.5 font-semibold text-base lg:hidden">
              <Mark className="size-5 text-accent" />
              Gatewright
            </span>
            <h1 className="text-xl">Sign in</h1>
          </div>
          {problem && (
            <Banner meaning="failing" isAlert>
              {problem}
            </Banner>
          )}
          <CredentialField label="Email" name="email" type="email" autoComplete="username" autoFocus errorMessage={missing.email} />
          <CredentialField
            label="Password"
            name="password"
            type={isPasswordShown ? "text" : "password"}
            autoComplete="current-password"
            errorMessage={missing.password}
            trailing={
              <IconButton
                label={isPasswordShown ? "Hide password" : "Show password"}
                size="small"
                onPress={() => setIsPasswordShown(!isPasswordShown)}
              >
                {isPasswordShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              </IconButton>
            }
          />
          <Button
            type="submit"
            variant="primary"
            isPending={isPending}
            isDisabled={!isHydrated}
            className="w-full data-disabled:opacity-100"
          >
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}
