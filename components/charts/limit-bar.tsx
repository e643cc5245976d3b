import { round } from '@/components/charts/plot-marks'
import { textWidth } from '@/lib/charts/marks'
import { formatBytes, formatShare, type Kib, kibToBytes } from '@/lib/units'

/** One process or kind of memory inside the limit. */
export interface LimitBlock {
  key: string
  title: string
  detail: string
  kib: Kib
  fill: string
  /** Its words are set in ink. */
  isPale: boolean
  isVictim: boolean
}

interface LimitBarProps {
  limitKib: Kib
  limitName: string
  /** From the left; together at most the limit. */
  blocks: readonly LimitBlock[]
  /** The first blocks that belong together, bracketed over the bar. */
  group: { name: string; blocks: number } | null
}

const SIZES = [
  { name: 'wide', width: 1120 },
  { name: 'narrow', width: 358 },
] as const
const TOP = 30
const HEIGHT = 72

/** What a cgroup held against its limit: one bar, as long as the limit. */
export function LimitBar(props: LimitBarProps) {
  return SIZES.map((size) => <Bar key={size.name} {...props} {...size} />)
}

function Bar({ limitKib, limitName, blocks, group, width, name }: LimitBarProps & { width: number; name: string }) {
  const scale = (width - 1) / limitKib
  let left = 0
  const placed = blocks.map((block) => {
    const x = left
    left += block.kib * scale
    return { ...block, x: round(x), width: round(Math.max(0.5, block.kib * scale - 1.5)) }
  })
  const grouped = placed.slice(0, group?.blocks ?? 0)
  const last = grouped.at(-1)
  const heldKib = grouped.reduce((total, block) => total + block.kib, 0)
  const groupText = group ? `${formatBytes(kibToBytes(heldKib))}, ${formatShare(heldKib / limitKib)} of the limit` : ''
  const limitText = `${limitName} ${formatBytes(kibToBytes(limitKib))}`
  const hasRoom = textWidth(`${group?.name} ${groupText}${limitText}`, 12) < width - 60
  return (
    <svg
      className={`plot ${name}`}
      viewBox={`0 0 ${width} 122`}
      role="img"
      aria-label={`${group ? `${group.name}: ${groupText}. ` : ''}${limitText}`}
    >
      {placed.map((block) => (
        <g key={block.key}>
          <rect x={block.x} y={TOP} width={block.width} height={HEIGHT} fill={block.fill} />
          {block.isVictim && <path className="kd" d={`M${block.x} ${TOP}h${block.width}v4h-${block.width}z`} />}
          {block.width > Math.max(textWidth(block.title, 12.5), textWidth(block.detail, 11)) + 16 && (
            <>
              <text className={block.isPale ? 'b t1' : 'b onink'} x={block.x + 8} y={TOP + 26}>
                {block.title}
              </text>
              <text className={block.isPale ? 't1' : 'onink'} x={block.x + 8} y={TOP + 43}>
                {block.detail}
              </text>
            </>
          )}
        </g>
      ))}
      {group && last && (
        <>
          <path className="axis" fill="none" d={`M.5 26v-5H${round(last.x + last.width)}v5`} />
          <text className="t1" x="0" y="13">
            <tspan className="b">{group.name}</tspan>
            <tspan dx="7">{groupText}</tspan>
          </text>
        </>
      )}
      <path className="limit" d={`M${width - 1} 16V114`} />
      <text className="e t1" x={width - 8} y={hasRoom ? 13 : 118}>
        {limitText}
      </text>
      <text x="0" y="118">
        0
      </text>
    </svg>
  )
}
