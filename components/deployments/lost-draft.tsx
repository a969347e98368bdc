import type { UseQueryResult } from "@tanstack/react-query";
import { messageOf } from "@/components/data/client";
import type { DraftReview } from "@/components/data/deployments";
import { Banner } from "@/components/ui/banner";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ChangeList } from "./change-list";

/** What would be lost if the draft were replaced, and why that was not done by itself. `refusal` is set when someone saved in between. */
export function LostDraft({ review, refusal }: { review: UseQueryResult<DraftReview>; refusal: string | undefined }) {
  return (
    <section className="flex flex-col gap-2">
      <Banner meaning="pending" isAlert title="The draft has changes that no deployment holds.">
        {refusal ?? "The rollback would replace them. Deploy or discard them first, or replace them now."}
      </Banner>
      {review.isFetching ? (
        <SkeletonRows rows={2} label="Loading the draft's changes" />
      ) : review.isError ? (
        <p className="text-failing">The draft's changes could not be loaded: {messageOf(review.error)}</p>
      ) : (
        review.data &&
        review.data.changes.length > 0 && (
          <>
            <h3>Changes of the draft that would be lost</h3>
            <ChangeList changes={review.data.changes} label="Changes of the draft that would be lost" />
          </>
        )
      )}
    </section>
  );
}
