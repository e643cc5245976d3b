import { round } from '@/components/charts/plot-marks'
import { formatCount, type Kib } from '@/lib/units'

interface ZoneGaugeProps {
  freeKib: Kib
  minKib: Kib
  lowKib: Kib
  highKib: Kib
}

const SIZES = [
  { name: 'wide', width: 532 },
  { name: 'narrow', width: 350 },
] as const

/**
 * Free memory of a zone against its own watermarks, each a quarter of the gauge; what lies over them points off it.
 *
 * @see Linux mm/page_alloc.c, __zone_watermark_ok()
 */
export function ZoneGauge(props: ZoneGaugeProps) {
  return SIZES.map((size) => <Gauge key={size.name} {...props} {...size} />)
}

function Gauge({ freeKib, minKib, lowKib, highKib, width, name }: ZoneGaugeProps & { width: number; name: string }) {
  const place = scaleOf([minKib, lowKib, highKib], width)
  const marks = [
    { label: 'min', kib: minKib },
    { label: 'low', kib: lowKib },
    { label: 'high', kib: highKib },
  ]
  const isOff = freeKib > highKib * 1.3
  const x = round(place(freeKib))
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width + 8} 52`} aria-hidden="true">
      <rect x="0" y="15" width={round(place(minKib))} height="14" fill="url(#hatch)" />
      <path className="axis" d={`M0 22H${width}`} />
      {marks.map((mark) => (
        <g key={mark.label}>
          <path className="axis" d={`M${round(place(mark.kib))} 13v18`} />
          <text className="m" x={round(place(mark.kib))} y="46">
            {mark.label} {formatCount(mark.kib)}
          </text>
        </g>
      ))}
      <text x="0" y="46">
        0
      </text>
      {isOff ? (
        <>
          <path fill="var(--color-ink)" d={`M${width - 12} 16l12 6-12 6z`} />
          <text className="e t1" x={width} y="11">
            {timesMin(freeKib, minKib)}
          </text>
        </>
      ) : (
        <path fill="var(--color-ink)" d={`M${x} 20l-6 -11h12z`} />
      )}
    </svg>
  )
}

/** "439 × min", "0.98 × min"; empty when min is 0. */
export function timesMin(freeKib: Kib, minKib: Kib): string {
  if (minKib === 0) return ''
  const times = freeKib / minKib
  return `${times >= 10 ? formatCount(Math.round(times)) : times.toFixed(2)}\u00a0×\u00a0min`
}

/** Straight between 0, min, low and high, which stand at each quarter. */
function scaleOf(marks: readonly Kib[], width: number): (kib: Kib) => number {
  const quarter = width / 4
  return (kib) => {
    let below = 0
    for (const [index, mark] of marks.entries()) {
      if (kib <= mark) return quarter * (index + (mark === below ? 1 : (kib - below) / (mark - below)))
      below = mark
    }
    const last = marks.at(-1) ?? 1
    return Math.min(width - 8, quarter * 3 + ((kib - last) / Math.max(last, 1)) * quarter)
  }
}
