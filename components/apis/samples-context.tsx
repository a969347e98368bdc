"use client";

import { createContext, type ReactNode, useContext } from "react";

const HasSamples = createContext(true);

/** Provides whether the sample backend is enabled; pages don't offer a disabled one. */
export function SamplesProvider({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  return <HasSamples value={isOn}>{children}</HasSamples>;
}

/** Returns whether the sample backend is enabled. */
export const useHasSamples = () => useContext(HasSamples);
