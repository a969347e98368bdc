"use client";

import { useMemo } from "react";
import { useActivity } from "@/components/data/authorization";
import { LoadFailure } from "@/components/data/load-failure";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageBody } from "@/components/ui/page-body";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ActivityDayList } from "./activity-day-list";
import { groupByDay } from "./group-by-day";

/** Lists recorded actions, newest first. */
export function ActivityPage() {
  const activity = useActivity();
  const days = useMemo(() => groupByDay(activity.data?.pages.flatMap(({ items }) => items) ?? [], new Date()), [activity.data]);
  return (
    <>
      <PageHeader title="Activity" meta="Who changed what" />
      <PageBody>
        {activity.data ? (
          days.length === 0 ? (
            <EmptyState action={<ButtonLink href="/apis">Show APIs</ButtonLink>}>No activity yet.</EmptyState>
          ) : (
            <>
              {days.map((day) => (
                <ActivityDayList key={day.day} day={day} />
              ))}
              {activity.hasNextPage && (
                <div>
                  <Button isPending={activity.isFetchingNextPage} onPress={() => void activity.fetchNextPage()}>
                    Show earlier entries
                  </Button>
                </div>
              )}
            </>
          )
        ) : activity.isError ? (
          <LoadFailure title="Couldn't load the activity." query={activity} />
        ) : (
          <SkeletonRows rows={8} label="Loading the activity" />
        )}
      </PageBody>
    </>
  );
}
