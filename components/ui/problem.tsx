/** Says why something was refused, where a screen reader hears it at once; nothing when there is no problem. */
export function Problem({ words }: { words: string | null }) {
  if (words === null || words === '') return null
  return (
    <p className="formerror" role="alert">
      {words}
    </p>
  )
}
