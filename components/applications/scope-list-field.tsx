"use client";

import { useScopes } from "@/components/data/authorization";
import { ListField } from "@/components/ui/list-field";
import type { Problem } from "@/lib/definition/problems";

interface ScopeListFieldProps {
  label: string;
  serverId: string;
  value: readonly string[];
  onChange: (scopes: string[]) => void;
  /** What the management API says is wrong, at `scopes` or `scopes[0]`. */
  problems: readonly Problem[];
  /** Offers these instead of all of the server's. */
  allowed?: readonly string[] | undefined;
  /** Leaves out that the list may stay empty. */
  isRequired?: boolean;
  description?: string | undefined;
}

/** Scopes of an authorization server, offered to choose from. */
export function ScopeListField(props: ScopeListFieldProps) {
  const { label, serverId, value, onChange, problems, allowed, isRequired = false, description } = props;
  const scopes = useScopes(serverId, serverId !== "" && allowed === undefined);
  const mine = problems.filter((problem) => problem.path === "scopes" || problem.path.startsWith("scopes["));
  const invalidIndexes = mine.map((problem) => Number(/^scopes\[(\d+)\]$/.exec(problem.path)?.[1] ?? -1)).filter((index) => index >= 0);
  return (
    <ListField
      label={label}
      isOptional={!isRequired}
      value={value}
      onChange={onChange}
      suggestions={allowed ?? (scopes.data ?? []).map((scope) => scope.name)}
      description={description}
      errorMessage={mine.map((problem) => problem.message).join(" ") || undefined}
      invalidIndexes={invalidIndexes}
    />
  );
}
