"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog";

interface LeaveGuard {
  /** Sets or clears one guard; the message says what would be lost. */
  set(id: string, message: string | null): void;
  /** True when nothing would be lost; otherwise asks, and goes to `href` when the answer is to leave. */
  mayLeaveFor(href: string): boolean;
}

const LeaveGuardContext = createContext<LeaveGuard>({ set: () => undefined, mayLeaveFor: () => true });

/** Holds back navigation while a page has unsaved changes, and asks. */
export function LeaveGuardProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const messages = useRef(new Map<string, string>());
  const [asking, setAsking] = useState<{ href: string; message: string } | null>(null);

  const guard = useMemo<LeaveGuard>(
    () => ({
      set(id, message) {
        if (message === null) messages.current.delete(id);
        else messages.current.set(id, message);
      },
      mayLeaveFor(href) {
        const [message] = messages.current.values();
        if (message === undefined) return true;
        setAsking({ href, message });
        return false;
      },
    }),
    [],
  );

  useEffect(() => {
    function warn(event: BeforeUnloadEvent) {
      if (messages.current.size > 0) event.preventDefault();
    }
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  const leave = useCallback(() => {
    if (!asking) return;
    messages.current.clear();
    setAsking(null);
    router.push(asking.href);
  }, [asking, router]);

  return (
    <LeaveGuardContext.Provider value={guard}>
      {children}
      <ConfirmDialog
        isOpen={asking !== null}
        onOpenChange={(isOpen) => !isOpen && setAsking(null)}
        title="Leave without saving?"
        confirmLabel="Leave and discard"
        cancelLabel="Stay here"
        tone="danger"
        onConfirm={leave}
      >
        {asking?.message}
      </ConfirmDialog>
    </LeaveGuardContext.Provider>
  );
}

/** Asks before a link, or the closing of the window, loses something; `message` says what, null lets everything pass. */
export function useLeaveGuard(message: string | null): void {
  const guard = useContext(LeaveGuardContext);
  const id = useId();
  useEffect(() => {
    guard.set(id, message);
    return () => guard.set(id, null);
  }, [guard, id, message]);
}

/** For navigation that is not a link: whether one may go to `href` now. When not, the person is being asked. */
export function useMayLeave(): (href: string) => boolean {
  return useContext(LeaveGuardContext).mayLeaveFor;
}
