"use client";

import { Send, X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { METHODS } from "@/lib/definition/schema";
import type { OperationLevelView } from "@/lib/management/contract/access";
import { inputOf, selectFirstParameter } from "./chosen-operation";
import { OperationPicker } from "./operation-picker";
import { PathField } from "./path-field";
import type { RequestInput } from "./request-input";

interface RequestLineProps {
  contextPath: string;
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
  pathProblem: string | undefined;
  /** The operations known from flows and the OpenAPI document. */
  operations: readonly OperationLevelView[];
  isSending: boolean;
  onCancel: () => void;
  /** Further actions. */
  actions: ReactNode;
}

const methods = METHODS.map((method) => ({ id: method, label: method }));

/** Method, path, and the button that sends the request. */
export function RequestLine(props: RequestLineProps) {
  const { contextPath, input, onChange, pathProblem, operations, isSending, onCancel, actions } = props;
  const pathInput = useRef<HTMLInputElement>(null);

  function choose(operation: OperationLevelView) {
    onChange(inputOf(operation));
    selectFirstParameter(pathInput, operation.path);
  }

  return (
    <div className="flex flex-wrap items-start gap-2">
      <Select label="Method" mono options={methods} value={input.method} onChange={(method) => onChange({ method })} className="w-28" />
      <PathField
        contextPath={contextPath}
        value={input.path}
        onChange={(path) => onChange({ path })}
        errorMessage={pathProblem}
        inputRef={pathInput}
        trailing={operations.length > 0 && <OperationPicker operations={operations} onChoose={choose} />}
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
