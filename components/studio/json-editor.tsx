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

/** A configuration as JSON. Every text that is JSON is taken over at once; until it is, the text stays and says why. */
export function JsonEditor({ value, onChange, problems }: JsonEditorProps) {
  const [text, setText] = useState(() => writeJson(value));
  const result = readJson(text);
  // The configuration was changed elsewhere, by an undo for example: the text follows.
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
      description="Keys that the form does not show stay as they are. Unknown ones are refused when the draft is saved."
    />
  );
}
