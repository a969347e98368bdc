import type { UseQueryResult } from "@tanstack/react-query";
import { messageOf } from "@/components/data/client";
import type { DraftReview } from "@/components/data/deployments";
import { Banner } from "@/components/ui/banner";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ChangeList } from "./change-list";

/** Lists the draft changes that a rollback would discard. `refusal` is set if someone saved in between. */
export function LostDraft({ review, refusal }: { review: UseQueryResult<DraftReview>; refusal: string | undefined }) {
  return (
    <section className="flex flex-col gap-2">
      <Banner meaning="pending" isAlert title="The draft has undeployed changes.">
        {refusal ?? "The rollback would discard them. Deploy or discard them first, or replace the draft."}
      </Banner>
      {review.isFetching ? (
        <SkeletonRows rows={2} label="Loading the draft's changes" />
      ) : review.isError ? (
        <p className="text-failing">Couldn't load the draft's changes: {messageOf(review.error)}</p>
      ) : (
        review.data &&
        review.data.changes.length > 0 && (
          <>
            <h3>Draft changes to discard</h3>
            <ChangeList changes={review.data.changes} label="Draft changes to discard" />
          </>
        )
      )}
    </section>
  );
}
