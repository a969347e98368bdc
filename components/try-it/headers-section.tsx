"use client";

import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { TextField } from "@/components/ui/text-field";
import { Part } from "./part";
import { type HeaderRow, isWrittenByGateway } from "./request-input";

interface HeadersSectionProps {
  headers: HeaderRow[];
  onChange: (headers: HeaderRow[]) => void;
  /** Whether a token is sent in the Authorization header. */
  hasToken: boolean;
  problemAt: (index: number) => string | undefined;
}

function noteOn(name: string, hasToken: boolean): string | undefined {
  if (isWrittenByGateway(name)) return "Not sent: the gateway sets this header.";
  return hasToken && name.trim().toLowerCase() === "authorization" ? "Not sent: the token above is used instead." : undefined;
}

/** Edits the request headers, one per row. */
export function HeadersSection({ headers, onChange, hasToken, problemAt }: HeadersSectionProps) {
  const addRef = useRef<HTMLDivElement>(null);
  const change = (index: number, changes: Partial<HeaderRow>) =>
    onChange(headers.map((row, at) => (at === index ? { ...row, ...changes } : row)));

  function remove(index: number) {
    onChange(headers.filter((_, at) => at !== index));
    addRef.current?.querySelector("button")?.focus();
  }

  return (
    <Part title="Headers">
      {headers.length > 0 && (
        <ul className="flex flex-col gap-2">
          {headers.map((row, index) => (
            <li key={row.key} className="flex flex-wrap items-start gap-2">
              <TextField
                label={`Header ${index + 1} name`}
                hideLabel
                mono
                placeholder="Name"
                autoComplete="off"
                autoFocus={row.name === "" && row.value === "" && index === headers.length - 1}
                value={row.name}
                onChange={(name) => change(index, { name })}
                errorMessage={problemAt(index)}
                description={noteOn(row.name, hasToken)}
                className={problemAt(index) || noteOn(row.name, hasToken) ? "basis-full" : "flex-2"}
              />
              <TextField
                label={`Header ${index + 1} value`}
                hideLabel
                mono
                placeholder="Value"
                autoComplete="off"
                value={row.value}
                onChange={(value) => change(index, { value })}
                className="flex-3"
              />
              <IconButton label={`Remove header ${row.name || index + 1}`} onPress={() => remove(index)}>
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div ref={addRef}>
        <Button
          size="small"
          variant="secondary"
          icon={<Plus aria-hidden className="size-3.5" />}
          onPress={() => onChange([...headers, { key: crypto.randomUUID(), name: "", value: "" }])}
        >
          Add header
        </Button>
      </div>
    </Part>
  );
}
