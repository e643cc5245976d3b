import { type Geometry, KILL_LANE, KILL_ROW, LANE } from '@/components/charts/geometry'
import { Band, KillRules, round } from '@/components/charts/plot-marks'
import type { ChartModel, Lane, LaneKind } from '@/lib/charts/chart-model'
import { eventTexts, killTexts, mergeMarks, type PlacedPill, placeLabels } from '@/lib/charts/marks'

const FONT = 11
const MOST_ROWS = 3

/** How many rows of labels the kills need; the widest drawing and paper share one number, so that the rail fits both. */
export function killRows(model: ChartModel, plots: readonly number[]): number {
  const rows = plots.map((plot) => Math.max(0, ...placedKills(model, plot).map((pill) => pill.row)) + 1)
  return Math.max(1, ...rows)
}

export function laneHeight(kind: LaneKind, rows: number): number {
  return kind === 'kills' ? KILL_LANE + (rows - 1) * KILL_ROW : LANE
}

/** Kills, reports, signs, reboots and notes over the plots. A phone shows the kills alone. */
export function LaneStrip({ model, geometry, rows }: { model: ChartModel; geometry: Geometry; rows: number }) {
  const { plot, width, name, isCompact } = geometry
  const lanes = isCompact ? model.lanes.filter((lane) => lane.kind === 'kills') : model.lanes
  const tops: number[] = []
  let height = 0
  for (const lane of lanes) {
    tops.push(height)
    height += laneHeight(lane.kind, rows)
  }
  const kills = placedKills(model, plot)
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={laneSummary(model)}>
      <Band model={model} plot={plot} height={height} />
      {tops.slice(1).map((top) => (
        <path key={top} className="gridline" d={`M0 ${top}H${plot}`} />
      ))}
      <LaneRules kills={kills} height={height} model={model} plot={plot} />
      {kills.map((pill) => (
        <KillPill key={pill.marks[0]?.id} pill={pill} />
      ))}
      {lanes.map((lane, index) =>
        lane.kind === 'kills' ? null : (
          <OtherLane key={lane.kind} lane={lane} top={tops[index] ?? 0} model={model} plot={plot} />
        ),
      )}
    </svg>
  )
}

function LaneRules({
  kills,
  height,
  model,
  plot,
}: {
  kills: PlacedPill[]
  height: number
  model: ChartModel
  plot: number
}) {
  const covered = Math.min(height, KILL_LANE + Math.max(0, ...kills.map((pill) => pill.row)) * KILL_ROW)
  return (
    <>
      {kills.map((pill) => (
        <path
          key={pill.marks[0]?.id}
          className={pill.isSelected ? 'rule sel' : 'rule'}
          d={`M${round(pill.x)} ${10 + pill.row * KILL_ROW}V${covered}`}
        />
      ))}
      <g transform={`translate(0 ${covered})`}>
        <KillRules model={model} plot={plot} height={height - covered} />
      </g>
    </>
  )
}

function KillPill({ pill }: { pill: PlacedPill }) {
  const x = round(pill.x)
  const top = pill.row * KILL_ROW
  return (
    <g>
      {pill.marks.length > 1 ? (
        <>
          <rect className="kd" x={x - 15} y={top + 3} width="30" height="17" rx="8.5" />
          <path d={`M${x - 10} ${top + 8.5}h8l-4 6.4z`} fill="var(--color-kill-ink)" />
          <text className="kt" x={x + 1} y={top + 15.5}>
            {pill.marks.length}
          </text>
        </>
      ) : (
        <>
          {pill.isSelected && <circle className="ring" cx={x} cy={top + 11.5} r="9" />}
          <path className="kd" d={`M${x - 5} ${top + 7.5}h10l-5 8.3z`} />
        </>
      )}
      {pill.label && (
        <text className={pill.label.anchor === 'end' ? 'halo e' : 'halo'} x={round(pill.label.x)} y={top + 16}>
          <tspan className="b tk">{pill.label.name}</tspan>
          {pill.label.detail && <tspan dx="5">{pill.label.detail}</tspan>}
        </text>
      )}
    </g>
  )
}

function OtherLane({ lane, top, model, plot }: { lane: Lane; top: number; model: ChartModel; plot: number }) {
  const pills = placeLabels(mergeMarks(lane.marks, model.range, plot), plot, {
    fontSize: FONT,
    maxRows: 1,
    texts: eventTexts,
  })
  return pills.map((pill) => {
    const x = round(pill.x)
    return (
      <g key={pill.marks[0]?.id} transform={`translate(0 ${top})`}>
        <LaneGlyph kind={lane.kind} x={x} />
        {pill.marks.length > 1 && !pill.label ? (
          <text className="halo t2" x={x + 9} y="16">
            {pill.marks.length}
          </text>
        ) : null}
        {pill.label && (
          <text className={pill.label.anchor === 'end' ? 'halo e' : 'halo'} x={round(pill.label.x)} y="16">
            {pill.label.detail}
          </text>
        )}
      </g>
    )
  })
}

function LaneGlyph({ kind, x }: { kind: LaneKind; x: number }) {
  if (kind === 'reports') return <rect className="mk" x={x - 5} y="7" width="10" height="10" />
  if (kind === 'signs') return <path className="warnm" d={`M${x} 6l6 11h-12z`} />
  if (kind === 'reboots') {
    return (
      <>
        <circle className="mko" cx={x} cy="12" r="5.5" />
        <path className="mk" d={`M${x + 3} 4l5 3-5.4 2.6z`} />
      </>
    )
  }
  return <path className="mko" d={`M${x - 5} 6.5h10v8l-4 3h-6z`} />
}

function placedKills(model: ChartModel, plot: number): PlacedPill[] {
  const marks = model.lanes.find((lane) => lane.kind === 'kills')?.marks ?? []
  return placeLabels(mergeMarks(marks, model.range, plot), plot, {
    fontSize: FONT,
    maxRows: MOST_ROWS,
    texts: killTexts,
  })
}

function laneSummary(model: ChartModel): string {
  return model.lanes.map((lane) => `${lane.label}: ${lane.marks.length}`).join(', ')
}
