"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import { LeaveDialog } from "./leave-dialog";

/** What a guarded page can do when someone is about to leave it. */
export interface LeaveOptions {
  /** Where one may go without losing anything. */
  allows?: (href: string) => boolean;
  /** Saves; answers whether it worked. Offered as "Save and leave". */
  onSave?: () => Promise<boolean>;
  /** Told when the person leaves without saving. */
  onDiscard?: () => void;
}

interface Guard {
  message: string;
  options: LeaveOptions;
}

interface LeaveGuard {
  /** Sets or clears one guard; the message says what would be lost. */
  set(id: string, guard: Guard | null): void;
  /** True when nothing would be lost; otherwise asks, and goes to `href` when the answer is to leave. */
  mayLeaveFor(href: string): boolean;
}

const LeaveGuardContext = createContext<LeaveGuard>({ set: () => undefined, mayLeaveFor: () => true });

/** Holds back navigation while a page has unsaved changes, and asks. */
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
 * Asks before a link, or the closing of the window, loses something; `message` says what, null lets everything pass.
 * `options` are read when someone leaves, so they need not be stable.
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

/** For navigation that is not a link: whether one may go to `href` now. When not, the person is being asked. */
export function useMayLeave(): (href: string) => boolean {
  return useContext(LeaveGuardContext).mayLeaveFor;
}
