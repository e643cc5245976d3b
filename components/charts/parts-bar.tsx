import { fillOf } from '@/components/charts/patterns'
import { round } from '@/components/charts/plot-marks'
import { textWidth } from '@/lib/charts/marks'

/** One kind of memory; `key` names its fill. */
export interface Part {
  key: string
  label: string
  /** In the unit of the total. */
  amount: number
}

const SIZES = [
  { name: 'wide', width: 1120 },
  { name: 'narrow', width: 358 },
] as const
const HEIGHT = 44
/** Its stripes leave no ground for words. */
const UNLABELLED = 'lru'
const PALE: ReadonlySet<string> = new Set(['free', 'cache', 'buffers', 'other', 'reserved'])

/** A total as one bar of parts, from the left; together at most the total. Names stand in those that have room. */
export function PartsBar({ parts, total, summary }: { parts: readonly Part[]; total: number; summary: string }) {
  return SIZES.map((size) => <Bar key={size.name} parts={parts} total={total} summary={summary} {...size} />)
}

interface BarProps {
  name: string
  width: number
  parts: readonly Part[]
  total: number
  summary: string
}

function Bar({ name, width, parts, total, summary }: BarProps) {
  const scale = (width - 1) / total
  let left = 0
  const placed = parts.map((part) => {
    const x = left
    left += part.amount * scale
    return { ...part, x: round(x), width: round(Math.max(0.5, part.amount * scale - 1)) }
  })
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${HEIGHT + 1}`} role="img" aria-label={summary}>
      {placed.map((part) => (
        <g key={part.key}>
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
