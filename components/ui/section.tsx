import type { ReactNode } from 'react'

interface SectionProps {
  id: string
  title: string
  hint?: ReactNode
  children: ReactNode
}

/** A part of a page: its name in the rail, its content in the field. */
export function Section({ id, title, hint, children }: SectionProps) {
  return (
    <section className="sect" id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {hint && <p>{hint}</p>}
      </header>
      <div className="main">{children}</div>
    </section>
  )
}
