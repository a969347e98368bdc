import { ButtonLink } from "@/components/ui/button-link";

/** What an address that leads nowhere shows. */
export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-measure flex-col items-start justify-center gap-4 px-6">
      <h1 className="font-semibold text-xl">There is nothing at this address</h1>
      <p className="text-muted">It may have been deleted or renamed, or the address may be mistyped.</p>
      <ButtonLink href="/apis" variant="primary">
        Go to the APIs
      </ButtonLink>
    </main>
  );
}
