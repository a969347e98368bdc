import type { ReactNode } from "react";
import { SignInAgain } from "@/components/sign-in/sign-in-again";
import { PlainLink } from "@/components/ui/link";
import { AccountMenu } from "./account-menu";
import { Mark } from "./mark";
import { MobileBar } from "./mobile-bar";
import { SectionNav } from "./section-nav";

/** The console's layout: navigation on the left, or behind a button on narrow screens, and the page. */
export function AppShell({ user, children }: { user: { name: string; email: string }; children: ReactNode }) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[220px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent px-3 py-1.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <MobileBar user={user} />
      <aside className="sticky top-0 hidden h-dvh flex-col border-line border-r bg-sunken p-3 lg:flex">
        <PlainLink
          href="/apis"
          className="mb-5 flex h-8 items-center gap-2.5 rounded-control px-2.5 font-semibold text-base tracking-[-0.01em]"
        >
          <Mark className="size-4.5 text-accent" />
          Gatewright
        </PlainLink>
        <SectionNav />
        <div className="mt-auto border-line border-t pt-2">
          <AccountMenu name={user.name} email={user.email} />
        </div>
      </aside>
      <main id="content" tabIndex={-1} className="shell-main flex min-w-0 flex-col outline-none lg:min-h-dvh">
        {children}
      </main>
      <SignInAgain email={user.email} />
    </div>
  );
}
