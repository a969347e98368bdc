import { type ReactNode, type RefObject, useId } from "react";
import { RefusedBanner } from "@/components/apis/refused-banner";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import type { Problem } from "@/lib/definition/problems";

interface SaveDrawerProps {
  title: string;
  /** What is saved: scope, claim, policy, rule. */
  noun: string;
  isNew: boolean;
  isPending: boolean;
  /** Why the last try was refused. */
  error: Error | null;
  problems: readonly Problem[];
  /** Whether a problem stands at a field of the form; the others stand above it. */
  isShown: (problem: Problem) => boolean;
  formRef?: RefObject<HTMLFormElement | null>;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

/** The drawer in which one thing of an authorization server is added or edited: its form, what was refused, and its buttons. */
export function SaveDrawer({
  title,
  noun,
  isNew,
  isPending,
  error,
  problems,
  isShown,
  formRef,
  onSubmit,
  onClose,
  children,
}: SaveDrawerProps) {
  const formId = useId();
  const others = problems.filter((problem) => !isShown(problem));
  return (
    <Drawer
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={title}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={isPending}>
            {`${isNew ? "Add" : "Save"} ${noun}`}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        ref={formRef}
        onSubmit={(event) => {
          event.preventDefault();
          void onSubmit();
        }}
        noValidate
        className="flex flex-col gap-5"
      >
        {error && (others.length > 0 || problems.length === 0) && (
          <RefusedBanner error={error} title={`The ${noun} was not saved.`} problems={others} />
        )}
        {children}
      </form>
    </Drawer>
  );
}
