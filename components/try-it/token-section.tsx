"use client";

import { expiryOf } from "@/components/token/jwt";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { StateMark } from "@/components/ui/state-mark";
import { TextField } from "@/components/ui/text-field";
import { useNow } from "@/components/ui/use-now";
import { ApplicationToken } from "./application-token";
import { Part } from "./part";
import type { RequestInput, TokenSource } from "./request-input";
import type { TokenNeeds } from "./token-needs";
import type { TokenState } from "./use-token";

const sources: { id: TokenSource; label: string }[] = [
  { id: "none", label: "No token" },
  { id: "application", label: "From an application" },
  { id: "paste", label: "Paste token" },
];

interface TokenSectionProps {
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
  token: TokenState;
  needs: TokenNeeds;
  problem: string | undefined;
}

function PastedToken({ token, problem }: { token: TokenState; problem: string | undefined }) {
  const expiry = token.current ? expiryOf(token.current) : null;
  const now = useNow(expiry !== null);
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Access token"
        type="password"
        mono
        autoComplete="off"
        value={token.pasted}
        onChange={token.paste}
        errorMessage={problem}
        description="Stored in this page's memory only, until you reload it."
      />
      {expiry && expiry.getTime() < now && <StateMark meaning="failing">The token is expired</StateMark>}
    </div>
  );
}

/** Selects the source of the request's token. */
export function TokenSection({ input, onChange, token, needs, problem }: TokenSectionProps) {
  return (
    <Part title="Token">
      <SegmentedControl
        label="Token"
        hideLabel
        options={sources}
        value={input.tokenSource}
        onChange={(tokenSource) => onChange({ tokenSource })}
      />
      {input.tokenSource === "none" && <p className="text-muted">The request is sent without a token.</p>}
      {input.tokenSource === "application" && (
        <ApplicationToken input={input} onChange={onChange} token={token} needs={needs} problem={problem} />
      )}
      {input.tokenSource === "paste" && (
        <>
          {needs.foreign.length > 0 && (
            <p className="text-muted">The deployed flows accept tokens checked by {needs.foreign.join(", ")}.</p>
          )}
          <PastedToken token={token} problem={problem} />
        </>
      )}
    </Part>
  );
}
