import { AXIS_HEIGHT, type Geometry } from '@/components/charts/geometry'
import type { ChartModel } from '@/lib/charts/chart-model'
import { formatClock, formatMinute, formatShortDay } from '@/lib/charts/clock'
import type { GapReason } from '@/lib/charts/gap-reasons'
import { textWidth } from '@/lib/charts/marks'
import type { Gap } from '@/lib/charts/series'
import { timeTicks, xOf } from '@/lib/charts/time-scale'

const DAY = 86_400_000
const FONT = 11

/** Ground of a plot: the incident's span. */
export function Band({ model, plot, height }: { model: ChartModel; plot: number; height: number }) {
  const span = bandSpan(model, plot)
  return span && <rect className="band" x={span.from} y="0" width={span.to - span.from} height={height} />
}

/** What lies over the data: hatched gaps, edges of the incident, a rule for every kill. */
export function Overlay({ model, plot, height, gaps, top }: OverlayProps) {
  const span = bandSpan(model, plot)
  return (
    <>
      {gaps.map((gap) => (
        <GapMark key={gap.from} gap={gap} model={model} plot={plot} top={top} height={height} />
      ))}
      {span && <path className="bandedge" d={`M${span.from} 0V${height}M${span.to} 0V${height}`} />}
      <KillRules model={model} plot={plot} height={height} />
    </>
  )
}

interface OverlayProps {
  model: ChartModel
  plot: number
  height: number
  gaps: Gap[]
  top: number
}

/** Kills run through every panel as lines; those on the same pixel are drawn once. */
export function KillRules({ model, plot, height }: { model: ChartModel; plot: number; height: number }) {
  const marks = model.lanes.find((lane) => lane.kind === 'kills')?.marks ?? []
  const rules = new Map<number, boolean>()
  for (const mark of marks) {
    const x = Math.round(xOf(mark.at, model.range, plot) * 2) / 2
    if (x >= 0 && x <= plot) rules.set(x, mark.isSelected || rules.get(x) === true)
  }
  return [...rules].map(([x, isSelected]) => (
    <g key={x}>
      <path className="ruleh" d={`M${x} 0V${height}`} />
      <path className={isSelected ? 'rule sel' : 'rule'} d={`M${x} 0V${height}`} />
    </g>
  ))
}

function GapMark({
  gap,
  model,
  plot,
  top,
  height,
}: {
  gap: Gap
  model: ChartModel
  plot: number
  top: number
  height: number
}) {
  const from = xOf(gap.from, model.range, plot)
  const to = xOf(gap.to, model.range, plot)
  const middle = (from + to) / 2
  const words = gapWords(gap, model.zone, height - top)
  return (
    <>
      <rect className="gapbg" x={from} y={top} width={to - from} height={height - top} />
      {gap.reason !== 'not-yet' && <rect className="gap" x={from} y={top} width={to - from} height={height - top} />}
      <path className="gline" d={`M${from} ${top}V${height}M${to} ${top}V${height}`} />
      {to - from > 18 && words && (
        <g transform={`translate(${middle} ${(top + height) / 2}) rotate(-90)`}>
          <text className="m halo t2" y="4">
            {words}
          </text>
        </g>
      )}
    </>
  )
}

const REASONS: Record<Exclude<GapReason, 'not-yet'>, string> = {
  rebooted: 'rebooted',
  'host-down': 'host down',
  'agent-silent': 'agent silent',
}

/** "no data 15:08–15:36, rebooted", as much of it as fits into `room`; at the edges of a range its ends are not known. */
export function gapWords(gap: Gap, zone: string, room: number): string | null {
  if (gap.reason === 'not-yet') return 'not yet'
  const reason = gap.reason ? `, ${REASONS[gap.reason]}` : ''
  const [from, to] = [
    { day: formatShortDay(gap.from, zone), minute: formatMinute(gap.from, zone) },
    { day: formatShortDay(gap.to, zone), minute: formatMinute(gap.to, zone) },
  ]
  const isOneDay = from.day === to.day && gap.to - gap.from < DAY
  const times = isOneDay ? ` ${from.minute}–${to.minute}` : ` ${from.day}, ${from.minute} – ${to.day}, ${to.minute}`
  const wordings = [`no data${gap.edge === 'inside' ? times : ''}${reason}`, `no data${reason}`, 'no data']
  return wordings.find((words) => textWidth(words, FONT) < room) ?? null
}

/** The time axis under the stack, with a flag at the selected kill. */
export function TimeAxis({
  model,
  geometry,
  flagAt,
}: {
  model: ChartModel
  geometry: Geometry
  flagAt: number | null
}) {
  const { plot, width, name } = geometry
  const flag = flagAt === null ? null : xOf(flagAt, model.range, plot)
  const isFlagged = flag !== null && flag >= 0 && flag <= plot
  const flagX = Math.min(Math.max(flag ?? 0, 30), plot - 30)
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${AXIS_HEIGHT}`} aria-hidden="true">
      {timeTicks(model.range, model.zone, plot).map((tick) => {
        const x = round(xOf(tick.at, model.range, plot))
        const isHidden = isFlagged && Math.abs(x - flagX) < 62
        return tick.label === null ? (
          <path key={tick.at} className="tick" d={`M${x} 0v4`} />
        ) : (
          <g key={tick.at}>
            <path className="axis" d={`M${x} 0v7`} />
            {!isHidden && (
              <text className={anchorClass(x, plot)} x={x} y="21">
                {tick.label}
              </text>
            )}
          </g>
        )
      })}
      <path className="axis" d={`M0 .5H${plot}`} />
      {isFlagged && (
        <>
          <path className="cur" d={`M${flag} 0v10`} />
          <rect x={flagX - 30} y="8" width="60" height="18" rx="2" fill="var(--color-ink)" />
          <text className="m onink" x={flagX} y="21">
            {formatClock(flagAt ?? 0, model.zone)}
          </text>
        </>
      )}
    </svg>
  )
}

/** Labels at the ends of an axis stay inside it. */
export function anchorClass(x: number, plot: number): string {
  if (x < 24) return ''
  return x > plot - 24 ? 'e' : 'm'
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

function bandSpan(model: ChartModel, plot: number): { from: number; to: number } | null {
  if (!model.band) return null
  const from = Math.max(0, round(xOf(model.band.from, model.range, plot)))
  const to = Math.min(plot, round(xOf(model.band.to, model.range, plot)))
  return to > from && to > 0 && from < plot ? { from, to } : null
}
