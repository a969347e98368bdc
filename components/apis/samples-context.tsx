"use client";

import { createContext, type ReactNode, useContext } from "react";

const HasSamples = createContext(true);

/** Tells the pages whether the sample backend is on, so that none offers what would only answer 404. */
export function SamplesProvider({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  return <HasSamples value={isOn}>{children}</HasSamples>;
}

/** Whether the sample backend is on. */
export const useHasSamples = () => useContext(HasSamples);
