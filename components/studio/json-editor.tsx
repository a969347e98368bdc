"use client";

import { useState } from "react";
import { TextArea } from "@/components/ui/text-area";
import { canonicalJson } from "@/lib/definition/canonical";
import type { Problem } from "@/lib/definition/problems";
import { readJson, writeJson } from "./json-text";

interface JsonEditorProps {
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
  problems: readonly Problem[];
}

/** Edits a configuration as JSON. Valid JSON applies immediately; invalid JSON stays with its error. */
export function JsonEditor({ value, onChange, problems }: JsonEditorProps) {
  const [text, setText] = useState(() => writeJson(value));
  const result = readJson(text);
  // The configuration changed elsewhere, for example by undo.
  if (result.ok && canonicalJson(result.value) !== canonicalJson(value)) setText(writeJson(value));
  const message = result.ok
    ? problems.map((problem) => `${problem.path.replace(/^.*?\.config\.?/, "")}: ${problem.message}`).join(" ") || undefined
    : result.message;
  return (
    <TextArea
      label="Configuration as JSON"
      hideLabel
      mono
      rows={Math.min(24, Math.max(8, text.split("\n").length + 1))}
      value={text}
      onChange={(next) => {
        setText(next);
        const read = readJson(next);
        if (read.ok) onChange(read.value);
      }}
      errorMessage={message}
      description="Preserves keys that the form doesn't show. Saving rejects unknown keys."
    />
  );
}
