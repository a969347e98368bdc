"use client";

import { useRouter } from "next/navigation";
import { useCreateApi } from "@/components/data/apis";
import { sampleBackendUrl } from "./sample-backend";

/** Creates the API Echo on the sample backend and goes to it. */
export function useCreateEcho() {
  const router = useRouter();
  const create = useCreateApi();
  const createEcho = () =>
    create.mutate(
      { name: "Echo", contextPath: "/echo", endpoints: { production: { url: sampleBackendUrl() } } },
      { onSuccess: (api) => router.push(`/apis/${api.id}`) },
    );
  // It stays pending until the page is left, so that a second press does not create a second API.
  return { createEcho, isPending: create.isPending || create.isSuccess, error: create.error };
}
