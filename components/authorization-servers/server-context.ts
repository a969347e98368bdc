"use client";

import { createContext, useContext } from "react";
import type { AuthorizationServerView } from "@/lib/management/contract/authorization";

/** The authorization server whose pages are shown. */
export const ServerContext = createContext<AuthorizationServerView | null>(null);

/**
 * The authorization server that the page is about.
 * @throws outside the frame of an authorization server
 */
export function useServer(): AuthorizationServerView {
  const server = useContext(ServerContext);
  if (!server) throw new Error("This stands in the frame of an authorization server only.");
  return server;
}
