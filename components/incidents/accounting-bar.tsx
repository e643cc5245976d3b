import { fillOf, Swatch } from '@/components/charts/patterns'
import { round } from '@/components/charts/plot-marks'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { Term } from '@/components/ui/term'
import { textWidth } from '@/lib/charts/marks'
import type { Accounting } from '@/lib/findings/accounting'
import { PART_FACES, type PartFace } from '@/lib/findings/accounting-parts'
import type { LineRange } from '@/lib/logs/source'
import { findTerm } from '@/lib/text/glossary'
import { formatBytes, formatKib, formatShare, type Kib, kibToBytes } from '@/lib/units'

const SIZES = [
  { name: 'wide', width: 1120 },
  { name: 'narrow', width: 358 },
] as const
const HEIGHT = 44
/** Its stripes leave no ground for words. */
const UNLABELLED = 'lru'
const PALE: ReadonlySet<string> = new Set(['free', 'cache', 'buffers', 'other', 'reserved'])

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
      {SIZES.map(({ name, width }) => (
        <Bar key={name} name={name} width={width} parts={shown} totalKib={totalKib} />
      ))}
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

function Bar({
  name,
  width,
  parts,
  totalKib,
}: {
  name: string
  width: number
  parts: readonly PartShown[]
  totalKib: Kib
}) {
  const scale = (width - 1) / totalKib
  let left = 0
  const placed = parts.map((part) => {
    const x = left
    left += part.kib * scale
    return { ...part, x: round(x), width: round(Math.max(0.5, part.kib * scale - 1)) }
  })
  const summary = parts.map(({ label, kib }) => `${label} ${formatBytes(kibToBytes(kib))}`).join(', ')
  return (
    <svg
      className={`plot ${name}`}
      viewBox={`0 0 ${width} ${HEIGHT + 1}`}
      role="img"
      aria-label={`RAM ${formatBytes(kibToBytes(totalKib))}: ${summary}`}
    >
      {placed.map((part) => (
        <g key={part.part}>
          <rect x={part.x} y="0" width={part.width} height={HEIGHT} fill={fillOf(part.key)} />
          {part.key !== UNLABELLED && part.width > textWidth(part.label, 12) + 16 && (
            <text className={PALE.has(part.key) ? 't1' : 'onink'} x={part.x + 8} y="26">
              {part.label}
            </text>
          )}
        </g>
      ))}
      <rect className="axis" x=".5" y=".5" width={width - 1} height={HEIGHT} fill="none" />
    </svg>
  )
}
