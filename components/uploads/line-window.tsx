import Link from 'next/link'
import { NumberedLine } from '@/components/incidents/log-view'
import type { LogLine } from '@/lib/analysis/upload'
import { routes } from '@/lib/routes'

const STEP = 40

/** Some raw lines of an upload around one that was asked for, with the way up and down. */
export function LineWindow({
  source,
  lines,
  line,
}: {
  source: string
  lines: readonly LogLine[]
  line: number | null
}) {
  const first = lines[0]?.line ?? 1
  const last = lines.at(-1)?.line ?? 1
  return (
    <>
      <ol className="log">
        {lines.map((each) => (
          <NumberedLine
            key={each.line}
            line={each.line}
            id={`L${each.line}`}
            text={each.text}
            pause={null}
            isCited={each.line === line}
            isSelected={false}
          />
        ))}
      </ol>
      <nav className="actions" aria-label="Other lines">
        {first > 1 && (
          <Link className="btn" href={routes.uploadReceipt(source, Math.max(1, first - STEP))}>
            Earlier lines
          </Link>
        )}
        <Link className="btn" href={routes.uploadReceipt(source, last + 1)}>
          Later lines
        </Link>
      </nav>
    </>
  )
}
