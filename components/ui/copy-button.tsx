"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { writeToClipboard } from "./clipboard";
import { IconButton } from "./icon-button";

/** Copies a text and announces it. `label` names what it copies: "Copy client ID". */
export function CopyButton({ value, label, size = "small" }: { value: string; label: string; size?: "small" | "medium" }) {
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <>
      <IconButton label={label} size={size} onPress={async () => setOutcome((await writeToClipboard(value)) ? "copied" : "failed")}>
        {outcome === "copied" ? <Check aria-hidden className="text-guarded" /> : <Copy aria-hidden />}
      </IconButton>
      <span role="status" className="sr-only">
        {outcome === "copied" ? "Copied" : outcome === "failed" ? "Couldn't copy. Select the text and copy it manually." : ""}
      </span>
    </>
  );
}
