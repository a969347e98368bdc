"use client";

import { levelOf, levelWords } from "@/components/access/levels";
import { methodWord, operationName, searchOperations } from "@/components/openapi/operation-words";
import { SearchableMenu } from "@/components/openapi/searchable-menu";
import { MethodBadge } from "@/components/ui/method-badge";
import { Path } from "@/components/ui/path";
import { MeaningShape } from "@/components/ui/state-mark";
import type { OperationLevelView } from "@/lib/management/contract/access";

interface OperationPickerProps {
  operations: readonly OperationLevelView[];
  onChoose: (operation: OperationLevelView) => void;
}

function OperationLine({ operation }: { operation: OperationLevelView }) {
  const { meaning, word } = levelWords[levelOf(operation)];
  return (
    <span className="grid min-w-0 flex-1 grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2">
      <MethodBadge method={methodWord(operation.method)} />
      <span className="min-w-0">
        <Path>{operation.path}</Path>
        {operation.summary && <span className="block truncate text-muted text-xs">{operation.summary}</span>}
      </span>
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <MeaningShape meaning={meaning} />
        <span className="max-sm:sr-only">{word}</span>
      </span>
    </span>
  );
}

/** Offers the deployed operations with their access level. */
export function OperationPicker({ operations, onChoose }: OperationPickerProps) {
  return (
    <SearchableMenu
      label="Select operation"
      searchLabel="Search operations"
      items={operations}
      idOf={operationName}
      search={searchOperations}
      onChoose={onChoose}
    >
      {(operation) => <OperationLine operation={operation} />}
    </SearchableMenu>
  );
}
