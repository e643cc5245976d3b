/** The product's own mark of a kill: a filled triangle, point down. */
export function KillMark() {
  return (
    <svg className="i i-kill" viewBox="0 0 16 16" aria-hidden="true">
      <path className="f" d="M2.5 3.5h11L8 13z" />
    </svg>
  )
}
