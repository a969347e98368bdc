"use client";

import { ChevronDown, Terminal } from "lucide-react";
import { curlCommand } from "@/components/curl/curl";
import { Button } from "@/components/ui/button";
import { writeToClipboard } from "@/components/ui/clipboard";
import { Menu, MenuItem } from "@/components/ui/menu";
import { notify } from "@/components/ui/notify";
import { hasBody, headersOf, isWrittenByGateway, pathBelow, type RequestInput } from "./request-input";

interface CurlMenuProps {
  gatewayUrl: string;
  input: RequestInput;
  token: string | null;
}

/** Returns the request as a curl command. */
function commandOf({ gatewayUrl, input, token }: CurlMenuProps, withCredentials: boolean): string {
  const standIn = input.tokenSource !== "none" && token === null ? "$TOKEN" : token;
  const headers = headersOf(input, standIn).filter(([name]) => !isWrittenByGateway(name));
  const body = hasBody(input.method) && input.body !== "" ? input.body : undefined;
  return curlCommand(
    { method: input.method, url: `${gatewayUrl.replace(/\/$/, "")}${pathBelow(input.path, gatewayUrl)}`, headers, body },
    { withCredentials },
  );
}

/** Copies the request as a curl command, by default with `$TOKEN` instead of credentials. */
export function CurlMenu(props: CurlMenuProps) {
  async function copy(withCredentials: boolean) {
    if (await writeToClipboard(commandOf(props, withCredentials))) {
      notify.done("Copied as curl", {
        description: withCredentials ? "The command contains the token. Don't share it." : undefined,
      });
    } else notify.failed("Couldn't copy", { description: "The browser denied access to the clipboard." });
  }
  return (
    <Menu
      label="Copy as curl"
      trigger={
        <Button icon={<Terminal aria-hidden className="size-4" />}>
          Copy as curl
          <ChevronDown aria-hidden className="size-3.5 text-muted" />
        </Button>
      }
    >
      <MenuItem description="Uses $TOKEN for credentials" onAction={() => void copy(false)}>
        Copy without token
      </MenuItem>
      <MenuItem
        description="Ready to run"
        onAction={() => void copy(true)}
        isDisabled={props.token === null && props.input.tokenSource !== "none"}
      >
        Copy with token
      </MenuItem>
    </Menu>
  );
}
