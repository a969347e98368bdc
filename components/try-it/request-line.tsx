"use client";

import { Send, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { METHODS } from "@/lib/definition/schema";
import { PathField } from "./path-field";
import type { RequestInput } from "./request-input";

interface RequestLineProps {
  contextPath: string;
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
  pathProblem: string | undefined;
  isSending: boolean;
  onCancel: () => void;
  /** What else can be done with the call. */
  actions: ReactNode;
}

const methods = METHODS.map((method) => ({ id: method, label: method }));

/** What is called, and the button that calls it. */
export function RequestLine({ contextPath, input, onChange, pathProblem, isSending, onCancel, actions }: RequestLineProps) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Select label="Method" mono options={methods} value={input.method} onChange={(method) => onChange({ method })} className="w-28" />
      <PathField
        contextPath={contextPath}
        value={input.path}
        onChange={(path) => onChange({ path })}
        errorMessage={pathProblem}
        className="flex-1 basis-72"
      />
      <div className="flex flex-wrap gap-2 sm:mt-6">
        <Button
          type="submit"
          variant="primary"
          icon={<Send aria-hidden className="size-4" />}
          isPending={isSending}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          Send request
        </Button>
        {isSending && (
          <Button icon={<X aria-hidden className="size-4" />} onPress={onCancel}>
            Cancel
          </Button>
        )}
        {actions}
      </div>
    </div>
  );
}
