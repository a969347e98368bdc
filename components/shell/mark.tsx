/** The Gatewright logo: a field gate with two posts and a braced leaf. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" className={className}>
      <path d="M3 2.5v15M17 2.5v15" />
      <path d="M3 6.5h14M3 13.5h14M3 13.5l14-7" strokeWidth="1.5" />
    </svg>
  );
}
