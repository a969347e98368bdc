import { type ReactNode, type RefObject, useId } from "react";
import { ProblemBanner } from "@/components/data/problem-banner";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/drawer";
import type { Problem } from "@/lib/definition/problems";

interface SaveDrawerProps {
  title: string;
  /** What the drawer saves: scope, claim, policy, or rule. */
  noun: string;
  isNew: boolean;
  isPending: boolean;
  /** The error of the last save. */
  error: Error | null;
  problems: readonly Problem[];
  /** Whether a form field shows the problem; the banner shows the others. */
  isShown: (problem: Problem) => boolean;
  formRef?: RefObject<HTMLFormElement | null>;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

/** A drawer that adds or edits one entity of an authorization server: form, error banner, and buttons. */
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
          <ProblemBanner error={error} title={`The ${noun} wasn't saved.`} problems={others} />
        )}
        {children}
      </form>
    </Drawer>
  );
}
