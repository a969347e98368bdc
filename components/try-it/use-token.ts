import { useState } from "react";
import { useIssueToken } from "@/components/data/authorization";
import { type HeldToken, heldTokens, holdToken, isTokenFor, tokenInPaste } from "./held-token";
import type { RequestInput } from "./request-input";

/** Holds the token of the next request, in memory only. */
export function useToken(apiId: string, input: RequestInput) {
  const [issued, setIssued] = useState<HeldToken | null>(() => heldTokens.issued(apiId));
  const [pasted, setPasted] = useState(() => heldTokens.pasted(apiId));
  const issue = useIssueToken();

  const held = issued && isTokenFor(issued, input) ? issued : null;

  /** Gets a token for the selected application and scopes. Returns null if denied; see `error`. */
  async function getToken(): Promise<HeldToken | null> {
    if (input.applicationId === null) return null;
    const asked = { applicationId: input.applicationId, scopes: input.scopes };
    try {
      const token = holdToken(await issue.mutateAsync({ id: asked.applicationId, scopes: asked.scopes }), asked, Date.now());
      heldTokens.keepIssued(apiId, token);
      setIssued(token);
      return token;
    } catch {
      return null;
    }
  }

  function paste(text: string) {
    heldTokens.keepPasted(apiId, text);
    setPasted(text);
  }

  const current =
    input.tokenSource === "application" ? (held?.accessToken ?? null) : input.tokenSource === "paste" ? tokenInPaste(pasted) || null : null;

  return { current, held, pasted, paste, getToken, isGetting: issue.isPending, error: issue.error, forgetError: issue.reset };
}

export type TokenState = ReturnType<typeof useToken>;
