"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import type { Problem } from "@/lib/definition/problems";
import type { AuthenticationDraft } from "./authentication-draft";
import { methods } from "./method-words";

interface AuthenticationFieldsProps {
  draft: AuthenticationDraft;
  onChange: (changes: Partial<AuthenticationDraft>) => void;
  problems: readonly Problem[];
  /** Shows every method at once; otherwise a button reveals the others. */
  showsAll?: boolean;
}

const keyPlaces = [
  { id: "text" as const, label: "Pasted" },
  { id: "url" as const, label: "By URL" },
];

/** Joins the management API's messages on pasted keys, each after its path. */
function keysProblem(problems: readonly Problem[]): string | undefined {
  const mine = problems.filter(({ path }) => /^jwks(\.|\[|$)/.test(path));
  return mine.map(({ path, message }) => (path === "jwks" ? message : `${path.slice("jwks.".length)}: ${message}`)).join(" ") || undefined;
}

/** The client authentication method and, where required, its public keys. */
export function AuthenticationFields({ draft, onChange, problems, showsAll = false }: AuthenticationFieldsProps) {
  const [isOpen, setIsOpen] = useState(showsAll || draft.method !== "client_secret");
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col items-start gap-1">
        <RadioGroup
          label="Client authentication"
          options={isOpen ? methods : methods.slice(0, 1)}
          value={draft.method}
          onChange={(method) => onChange({ method })}
          errorMessage={problemAt("authentication")}
        />
        {!isOpen && (
          <Button size="small" variant="quiet" className="ml-4" onPress={() => setIsOpen(true)}>
            Show other methods
          </Button>
        )}
      </div>
      {draft.method === "private_key_jwt" && (
        <>
          <SegmentedControl
            label="Public keys"
            options={keyPlaces}
            value={draft.keysFrom}
            onChange={(keysFrom) => onChange({ keysFrom })}
          />
          {draft.keysFrom === "text" ? (
            <TextArea
              label="Key set"
              mono
              rows={8}
              placeholder='{"keys": [{"kty": "EC", "crv": "P-256", "x": "…", "y": "…"}]}'
              value={draft.keysText}
              onChange={(keysText) => onChange({ keysText })}
              description="A JSON Web Key Set (RFC 7517) with public keys. Private keys stay with the application."
              errorMessage={keysProblem(problems)}
            />
          ) : (
            <TextField
              label="Key set URL"
              mono
              autoComplete="off"
              placeholder="https://client.example/jwks.json"
              value={draft.keysUrl}
              onChange={(keysUrl) => onChange({ keysUrl })}
              description="Fetched when an assertion names an unknown key, which lets the application rotate its keys."
              errorMessage={problemAt("jwksUri")}
            />
          )}
        </>
      )}
    </div>
  );
}
