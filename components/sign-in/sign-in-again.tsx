"use client";

import { useQueryClient } from "@tanstack/react-query";
import { getSession } from "next-auth/react";
import { type FormEvent, useCallback, useEffect, useId, useState } from "react";
import { SIGNED_OUT_EVENT } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { attemptSignIn } from "./attempt-sign-in";
import { CredentialField } from "./credential-field";

/**
 * Asks for the password in a dialog when the session expires. The page keeps its input and reloads its data afterwards.
 * Signing in from another tab closes the dialog.
 */
export function SignInAgain({ email }: { email: string }) {
  const queryClient = useQueryClient();
  const formId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<string>();

  const goOn = useCallback(() => {
    setIsOpen(false);
    setProblem(undefined);
    void queryClient.invalidateQueries();
  }, [queryClient]);

  useEffect(() => {
    const open = () => setIsOpen(true);
    window.addEventListener(SIGNED_OUT_EVENT, open);
    return () => window.removeEventListener(SIGNED_OUT_EVENT, open);
  }, []);

  useEffect(() => {
    if (!isOpen) return;
    async function look() {
      const session = await getSession({ broadcast: false });
      if (session?.user?.email === email) goOn();
      // Another account's session must not use this account's open page.
      else if (session?.user?.email) window.location.reload();
    }
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [isOpen, email, goOn]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // React also propagates the event to the form around the dialog.
    event.stopPropagation();
    if (isPending) return;
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    if (password === "") return setProblem("Enter your password.");
    setIsPending(true);
    const failure = await attemptSignIn(email, password);
    setIsPending(false);
    if (failure === undefined) goOn();
    else setProblem(failure);
  }

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Sign in"
      description="Your session expired. Sign in to continue; this page keeps your input."
      width="small"
      role="alertdialog"
      isDismissable={false}
      footer={
        <Button type="submit" form={formId} variant="primary" isPending={isPending}>
          Sign in
        </Button>
      }
    >
      <form id={formId} method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
        {problem && (
          <Banner meaning="failing" isAlert>
            {problem}
          </Banner>
        )}
        <CredentialField label="Email" name="email" type="email" autoComplete="username" readOnly value={email} errorMessage={undefined} />
        <CredentialField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          autoFocus
          errorMessage={undefined}
        />
      </form>
    </Dialog>
  );
}
