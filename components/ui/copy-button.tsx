"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./icon-button";

/** Writes to the clipboard, also where the page is served by plain HTTP and the browser offers no clipboard API. */
async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/** Copies a text and says so. `label` names what is copied: "Copy client id". */
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
        {outcome === "copied" ? "Copied" : outcome === "failed" ? "Could not be copied. Select the text and copy it yourself." : ""}
      </span>
    </>
  );
}
