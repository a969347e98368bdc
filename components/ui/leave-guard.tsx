"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import { LeaveDialog } from "./leave-dialog";

/** How a guarded page handles navigation. */
export interface LeaveOptions {
  /** Returns whether navigating to `href` keeps the changes. */
  allows?: (href: string) => boolean;
  /** Saves; returns whether it succeeded. Offered as "Save and leave". */
  onSave?: () => Promise<boolean>;
  /** Called when the user leaves without saving. */
  onDiscard?: () => void;
}

interface Guard {
  message: string;
  options: LeaveOptions;
}

interface LeaveGuard {
  /** Sets or clears a guard; the message states what leaving would discard. */
  set(id: string, guard: Guard | null): void;
  /** Returns true if nothing would be lost; otherwise asks, and navigates to `href` if the user leaves. */
  mayLeaveFor(href: string): boolean;
}

const LeaveGuardContext = createContext<LeaveGuard>({ set: () => undefined, mayLeaveFor: () => true });

/** Blocks navigation while a page has unsaved changes, and asks. */
export function LeaveGuardProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const guards = useRef(new Map<string, Guard>());
  const [asking, setAsking] = useState<{ href: string; guard: Guard } | null>(null);

  const guard = useMemo<LeaveGuard>(
    () => ({
      set(id, value) {
        if (value === null) guards.current.delete(id);
        else guards.current.set(id, value);
      },
      mayLeaveFor(href) {
        const holding = [...guards.current.values()].find(({ options }) => !options.allows?.(href));
        if (!holding) return true;
        setAsking({ href, guard: holding });
        return false;
      },
    }),
    [],
  );

  useEffect(() => {
    function warn(event: BeforeUnloadEvent) {
      if (guards.current.size > 0) event.preventDefault();
    }
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  const leave = useCallback(() => {
    if (!asking) return;
    guards.current.clear();
    setAsking(null);
    router.push(asking.href);
  }, [asking, router]);

  const { onSave, onDiscard } = asking?.guard.options ?? {};
  return (
    <LeaveGuardContext.Provider value={guard}>
      {children}
      <LeaveDialog
        isOpen={asking !== null}
        message={asking?.guard.message ?? ""}
        onStay={() => setAsking(null)}
        onDiscard={() => {
          onDiscard?.();
          leave();
        }}
        onSave={
          onSave &&
          (async () => {
            if (await onSave()) leave();
            else setAsking(null);
          })
        }
      />
    </LeaveGuardContext.Provider>
  );
}

/**
 * Asks before a link or closing the window discards changes. `message` states what; null disables the guard. `options`
 * are read on navigation and needn't be stable.
 */
export function useLeaveGuard(message: string | null, options: LeaveOptions = {}): void {
  const guard = useContext(LeaveGuardContext);
  const id = useId();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const stable: LeaveOptions = {
      allows: (href) => latest.current.allows?.(href) ?? false,
      onDiscard: () => latest.current.onDiscard?.(),
    };
    if (latest.current.onSave) stable.onSave = async () => (await latest.current.onSave?.()) ?? false;
    guard.set(id, message === null ? null : { message, options: stable });
    return () => guard.set(id, null);
  }, [guard, id, message]);
}

/** Returns a function for navigation without links: true if it may proceed; otherwise the user is asked. */
export function useMayLeave(): (href: string) => boolean {
  return useContext(LeaveGuardContext).mayLeaveFor;
}
