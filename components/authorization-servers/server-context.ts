"use client";

import { createContext, useContext } from "react";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** The authorization server of the current page. */
export const ServerContext = createContext<AuthorizationServerView | null>(null);

/**
 * Returns the authorization server of the current page.
 * @throws outside the frame of an authorization server
 */
export function useServer(): AuthorizationServerView {
  const server = useContext(ServerContext);
  if (!server) throw new Error("useServer requires ServerContext.");
  return server;
}
