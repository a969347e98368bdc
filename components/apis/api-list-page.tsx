"use client";

import { Plus, Upload } from "lucide-react";
import { useApis } from "@/components/data/apis";
import { LoadFailure } from "@/components/data/load-failure";
import { ButtonLink } from "@/components/ui/button-link";
import { count } from "@/components/ui/count";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ApiListEmpty } from "./api-list-empty";
import { ApiSearchList } from "./api-search-list";

/** Lists every API with its protection and deployment state. */
export function ApiListPage() {
  const apis = useApis();
  const isEmpty = apis.data?.length === 0;
  return (
    <>
      <PageHeader
        title="APIs"
        meta={apis.data && !isEmpty ? count(apis.data.length, "API") : undefined}
        actions={
          !isEmpty && (
            <>
              <ButtonLink href="/apis/import" icon={<Upload aria-hidden className="size-4" />}>
                Import API
              </ButtonLink>
              <ButtonLink href="/apis/new" variant="primary" icon={<Plus aria-hidden className="size-4" />}>
                Create API
              </ButtonLink>
            </>
          )
        }
      />
      <PageBody>
        {apis.data ? (
          isEmpty ? (
            <ApiListEmpty />
          ) : (
            <ApiSearchList apis={apis.data} />
          )
        ) : apis.isError ? (
          <LoadFailure title="Couldn't load the APIs." query={apis} />
        ) : (
          <SkeletonRows label="Loading the APIs" />
        )}
      </PageBody>
    </>
  );
}
