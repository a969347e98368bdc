"use client";

import { useScopes } from "@/components/data/authorization";
import { ListField } from "@/components/ui/list-field";
import type { Problem } from "@/lib/definition/problems";

interface ScopeListFieldProps {
  label: string;
  serverId: string;
  value: readonly string[];
  onChange: (scopes: string[]) => void;
  /** The management API's problems at `scopes` or `scopes[0]`. */
  problems: readonly Problem[];
  /** The scopes to offer instead of all of the server's. */
  allowed?: readonly string[] | undefined;
  /** Whether the field isn't marked as optional. */
  isRequired?: boolean;
  description?: string | undefined;
}

/** A list of scopes with an authorization server's scopes as suggestions. */
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
