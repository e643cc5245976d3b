/** A trace that drops, and a kill. */
export function Logo() {
  return (
    <svg viewBox="0 0 26 18" aria-hidden="true">
      <path d="M1 3.5h5l4 9.5h15" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M13.2 1h9.6L18 9.2z" fill="var(--color-kill)" />
    </svg>
  )
}
