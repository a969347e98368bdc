"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { formatCountdown } from "@/components/ui/clock";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { StateMark } from "@/components/ui/state-mark";
import { useNow } from "@/components/ui/use-now";
import { DecodedToken } from "./decoded-token";
import { maskToken } from "./jwt";
import type { ReadyToken } from "./ready-token";

/** Shows an issued token: masked value, scopes, remaining lifetime, and on request its claims. */
export function IssuedToken({ token, startsOpen = false }: { token: ReadyToken; startsOpen?: boolean }) {
  const [isOpen, setIsOpen] = useState(startsOpen);
  const now = useNow(true);
  const left = (token.expiresAt - now) / 1000;
  return (
    <div className="flex flex-col rounded-control border border-line bg-sunken">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 py-1 pr-1 pl-2.5">
        <span className="mono">{maskToken(token.accessToken)}</span>
        {left > 0 ? (
          <span className="text-muted tabular-nums">Expires in {formatCountdown(left)}</span>
        ) : (
          <StateMark meaning="failing">Expired</StateMark>
        )}
        <span className="ml-auto flex">
          <IconButton size="small" label={isOpen ? "Hide claims" : "Show claims"} aria-expanded={isOpen} onPress={() => setIsOpen(!isOpen)}>
            {isOpen ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </IconButton>
          <CopyButton value={token.accessToken} label="Copy token" />
        </span>
      </div>
      <p className="border-line border-t px-2.5 py-1 text-muted text-xs">
        {token.scopes.length === 0 ? (
          "No scopes"
        ) : (
          <>
            Scopes <span className="mono text-ink [overflow-wrap:anywhere]">{token.scopes.join(" ")}</span>
          </>
        )}
      </p>
      {isOpen && (
        <div className="border-line border-t p-2.5">
          <DecodedToken token={token.accessToken} />
        </div>
      )}
    </div>
  );
}
