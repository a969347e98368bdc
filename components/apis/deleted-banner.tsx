import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";

/** Says that someone deleted the API while this page was open; what is on the page stays, so that it can be copied away. */
export function DeletedBanner() {
  return (
    <div className="px-4 pt-4 lg:px-6">
      <Banner meaning="failing" title="This API was deleted." isAlert actions={<ButtonLink href="/apis">Show all APIs</ButtonLink>}>
        Nothing on this page can be saved any more.
      </Banner>
    </div>
  );
}
