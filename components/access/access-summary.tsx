import type { ReactNode } from "react";
import { Banner } from "@/components/ui/banner";
import type { AccessView } from "@/lib/management/contract/access";
import { levelOf } from "./levels";
import { accessSentence, countLevels, namesOf } from "./operations";

/** Summarizes anonymous access in one line and names the operations that anyone may write to. */
export function AccessSummary({ access, actions }: { access: AccessView; actions: ReactNode }) {
  const writes = access.operations.filter((operation) => levelOf(operation) === "anonymous-write");
  const isElsewhereOpen = access.everythingElse === "anonymous";
  const isUnknown = access.operations.length === 0;
  const sentence = isUnknown && isElsewhereOpen ? "Anyone may call every path." : `${accessSentence(countLevels(access.operations))}.`;
  if (writes.length > 0 || isElsewhereOpen)
    return (
      <Banner meaning="open" title={sentence} actions={actions}>
        <p className="[overflow-wrap:anywhere]">
          {writes.length > 0 && `No token is needed to call ${namesOf(writes)}. `}
          {isUnknown
            ? "No flow requires a token, and no OpenAPI document lists the operations."
            : isElsewhereOpen && "Paths that aren't listed need no token."}
        </p>
      </Banner>
    );
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-60 font-medium text-base">{sentence}</p>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
