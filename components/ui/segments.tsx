import Link from 'next/link'

/** A choice that lives in the address: each option is a link, the chosen one says so. */
export function Segments({
  label,
  options,
}: {
  label: string
  options: { name: string; href: string; isChosen: boolean }[]
}) {
  return (
    <nav className="seg" aria-label={label}>
      {options.map((option) => (
        <Link key={option.name} href={option.href} scroll={false} aria-current={option.isChosen ? 'true' : undefined}>
          {option.name}
        </Link>
      ))}
    </nav>
  )
}
