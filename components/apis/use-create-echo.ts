"use client";

import { useRouter } from "next/navigation";
import { useCreateApi } from "@/components/data/apis";
import { sampleBackendUrl } from "./sample-backend";

/** Creates an API named Echo on the sample backend and opens it. */
export function useCreateEcho() {
  const router = useRouter();
  const create = useCreateApi();
  const createEcho = () =>
    create.mutate(
      { name: "Echo", contextPath: "/echo", endpoints: { production: { url: sampleBackendUrl() } } },
      { onSuccess: (api) => router.push(`/apis/${api.id}`) },
    );
  // Stays pending until navigation ends, to prevent a second API.
  return { createEcho, isPending: create.isPending || create.isSuccess, error: create.error };
}
