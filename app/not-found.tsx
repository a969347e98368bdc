import { ButtonLink } from "@/components/ui/button-link";

/** The page for unknown addresses. */
export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-measure flex-col items-start justify-center gap-4 px-6">
      <h1 className="font-semibold text-xl">Page not found</h1>
      <p className="text-muted">It may have been deleted or renamed. Check the address.</p>
      <ButtonLink href="/apis" variant="primary">
        Show APIs
      </ButtonLink>
    </main>
  );
}
