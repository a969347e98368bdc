import { Banner } from "@/components/ui/banner";

/** What a document holds that could not be taken over, so that nobody believes it is there. */
export function NotCarriedOver({ items }: { items: readonly string[] }) {
  return (
    <Banner meaning="open" title="The API was imported, without these parts:">
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-4">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Banner>
  );
}
