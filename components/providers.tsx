"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ThemeProvider, useTheme } from "next-themes";
import { type ReactNode, useState } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { Toaster } from "sonner";
import { LeaveGuardProvider } from "./ui/leave-guard";

/** Returns whether to retry: not for 4xx responses, at most twice. */
function worthRetrying(failureCount: number, error: unknown): boolean {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  if (typeof status === "number" && status < 500) return false;
  return failureCount < 2;
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 2_000, retry: worthRetrying, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

function ThemedToaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      position="bottom-right"
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      gap={8}
      visibleToasts={3}
      closeButton
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-3 rounded-panel border font-sans border-line bg-raised p-3 pr-9 text-sm text-ink shadow-float [--toast-close-button-start:auto]",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "text-muted!",
          icon: "mt-0.5 shrink-0",
          actionButton: "h-6 shrink-0 rounded-sm px-2 font-medium text-ink underline underline-offset-2",
          closeButton:
            "absolute top-2.5 right-2 grid size-6 place-items-center rounded-sm border-0! bg-transparent! text-muted! hover:text-ink!",
        },
      }}
    />
  );
}

function Navigation({ children }: { children: ReactNode }) {
  const router = useRouter();
  return <RouterProvider navigate={(href) => router.push(href)}>{children}</RouterProvider>;
}

/** Provides theme, language, navigation, server state, and notifications to every page. */
export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      <I18nProvider locale="en-GB">
        <QueryClientProvider client={queryClient}>
          <Navigation>
            <LeaveGuardProvider>{children}</LeaveGuardProvider>
          </Navigation>
          <ThemedToaster />
        </QueryClientProvider>
      </I18nProvider>
    </ThemeProvider>
  );
}
