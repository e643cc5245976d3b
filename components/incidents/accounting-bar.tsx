import { PartsBar } from '@/components/charts/parts-bar'
import { Swatch } from '@/components/charts/patterns'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { Term } from '@/components/ui/term'
import type { Accounting } from '@/lib/findings/accounting'
import { PART_FACES, type PartFace } from '@/lib/findings/accounting-parts'
import type { LineRange } from '@/lib/logs/source'
import { findTerm } from '@/lib/text/glossary'
import { formatBytes, formatKib, formatShare, type Kib, kibToBytes } from '@/lib/units'

interface PartShown extends PartFace {
  kib: Kib
  lines: LineRange[]
}

/** RAM when the report was written, as one bar of parts that add up to it, and the same as a list with its lines. */
export function AccountingBar({ accounting, links }: { accounting: Accounting; links: LineLinks }) {
  const { totalKib } = accounting
  const shown = PART_FACES.flatMap((face) => {
    const found = accounting.parts.find(({ part }) => part === face.part)
    return found ? [{ ...face, kib: found.kib, lines: found.lines }] : []
  })
  return (
    <>
      <PartsBar
        parts={shown.map(({ key, label, kib }) => ({ key, label, amount: kib }))}
        total={totalKib}
        summary={`RAM ${formatBytes(kibToBytes(totalKib))}: ${summaryOf(shown)}`}
      />
      <ul className="parts">
        {shown.map((part) => (
          <PartRow key={part.part} part={part} totalKib={totalKib} links={links} />
        ))}
      </ul>
      <p className="small faint">
        {accounting.totalFrom === 'zones' ? 'RAM is the sum of the zones. ' : ''}
        {accounting.isPageSizeAssumed ? 'A page is taken to be 4 kB: the report does not say. ' : ''}
        Parts are the report’s own counters; what they leave of {formatKib(totalKib)} is a part of its own.
      </p>
    </>
  )
}

function PartRow({ part, totalKib, links }: { part: PartShown; totalKib: Kib; links: LineLinks }) {
  const entry = part.term === null ? null : findTerm(part.term)
  return (
    <li>
      <Swatch of={part.key} />
      <span>{entry ? <Term entry={entry} text={part.label} /> : part.label}</span>
      <b title={formatKib(part.kib)}>{formatBytes(kibToBytes(part.kib))}</b>
      <span className="faint">{formatShare(part.kib / totalKib)}</span>
      <Evidence ranges={part.lines.slice(0, 1)} links={links} />
    </li>
  )
}

function summaryOf(parts: readonly PartShown[]): string {
  return parts.map(({ label, kib }) => `${label} ${formatBytes(kibToBytes(kib))}`).join(', ')
}
