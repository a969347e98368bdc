"use client";

import { Button } from "@/components/ui/button";
import { SAMPLE_BACKENDS, sampleBackendUrl } from "./sample-backend";
import { useHasSamples } from "./samples-context";

/** Offers the sample backends next to a backend URL field; renders nothing if they're disabled. */
export function SampleBackends({ onChoose }: { onChoose: (url: string) => void }) {
  if (!useHasSamples()) return null;
  return (
    <fieldset className="flex flex-wrap gap-2" aria-label="Sample backends">
      {SAMPLE_BACKENDS.map(({ name, label }) => (
        <Button key={name} size="small" onPress={() => onChoose(sampleBackendUrl(name))}>
          {label}
        </Button>
      ))}
    </fieldset>
  );
}
