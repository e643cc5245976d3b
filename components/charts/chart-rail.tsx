import { FileText, Pencil, RotateCw, Triangle } from 'lucide-react'
import { laneHeight } from '@/components/charts/lane-strip'
import { LineSwatch } from '@/components/charts/line-tones'
import { Swatch } from '@/components/charts/patterns'
import { KillMark } from '@/components/ui/kill-mark'
import type { ChartModel, LaneKind } from '@/lib/charts/chart-model'
import { formatClock } from '@/lib/charts/clock'
import type { DrawnLine, LinesPanel, Panel } from '@/lib/charts/panel'
import { panelUnit, type Reading, readPanel, readReport, unitOf } from '@/lib/charts/readings'
import { byteUnit } from '@/lib/charts/value-scale'
import type { EpochMs } from '@/lib/units'

/** The names of the lanes, with counts, at the height of each lane. */
export function LaneRail({ model, rows }: { model: ChartModel; rows: number }) {
  return (
    <ul>
      {model.lanes.map((lane) => (
        <li key={lane.kind} style={{ height: laneHeight(lane.kind, rows) }}>
          <LaneIcon kind={lane.kind} />
          {lane.label}
          <span>{lane.marks.length}</span>
        </li>
      ))}
    </ul>
  )
}

function LaneIcon({ kind }: { kind: LaneKind }) {
  const icon = { className: kind === 'signs' ? 'i i-warn' : 'i', 'aria-hidden': true } as const
  if (kind === 'kills') return <KillMark />
  if (kind === 'reports') return <FileText {...icon} />
  if (kind === 'signs') return <Triangle {...icon} />
  if (kind === 'reboots') return <RotateCw {...icon} />
  return <Pencil {...icon} />
}

/** Names and readings of the memory panel at an instant; a report's own figures where nothing was measured. */
export function MemoryRail({ model, at }: { model: ChartModel; at: EpochMs }) {
  const { memory, reports, zone } = model
  if (memory) {
    const readings = readPanel(memory, at)
    const hasChange = readings.some(({ change }) => change !== null)
    return (
      <>
        <RailTitle title={`Memory, ${panelUnit(memory)}`} at={at} zone={zone} hasChange={hasChange} />
        <Readings readings={readings} lastIsSum={memory.hasAvailable} />
      </>
    )
  }
  const report = reports[0]
  return report ? (
    <>
      <RailTitle title={`Memory, ${byteUnit(report.total).name}`} at={report.at} zone={zone} hasChange={false} />
      <Readings readings={readReport(report)} lastIsSum={false} />
      <p className="faint">As printed by the report.</p>
    </>
  ) : (
    <>
      <h3>Memory</h3>
      <p className="faint">Send samples, or drop a sar file of that day, and the curve appears here.</p>
    </>
  )
}

export function PanelRail({ title, panel, at }: { title: string; panel: Panel; at: EpochMs }) {
  const readings = readPanel(panel, at).map((reading, index) => ({
    ...reading,
    label: labelWithUnit(panel, index),
    key: reading.key === 'used' ? 'used-swap' : reading.key,
  }))
  return (
    <>
      <h3>{title}</h3>
      <Readings readings={readings} lastIsSum={false} />
      {panel.note && <p className="faint">{panel.note}</p>}
    </>
  )
}

/** The lines of a panel at an instant. They share one unit, which stands beside the title. */
export function LinesRail({ panel, at }: { panel: LinesPanel; at: EpochMs }) {
  const [first] = panel.series
  return (
    <>
      <h3>
        <bdi className="clip" title={panel.fullTitle}>
          {panel.title}
        </bdi>
        <span>{first && unitOf(first, panel)}</span>
      </h3>
      <Readings readings={readPanel(panel, at)} lastIsSum={false} lines={panel.lines} />
      {panel.note && <p className="faint">{panel.note}</p>}
    </>
  )
}

function labelWithUnit(panel: Panel, index: number): string {
  const series = panel.series[index]
  if (!series) return ''
  return `${series.label}${series.unit === 'per-second' ? '\u00a0' : ',\u00a0'}${unitOf(series, panel)}`
}

function RailTitle({ title, at, zone, hasChange }: { title: string; at: EpochMs; zone: string; hasChange: boolean }) {
  return (
    <h3>
      {title}{' '}
      <span>
        {formatClock(at, zone)}
        {hasChange && <i>10 min</i>}
      </span>
    </h3>
  )
}

function Readings({
  readings,
  lastIsSum,
  lines,
}: {
  readings: Reading[]
  lastIsSum: boolean
  lines?: readonly DrawnLine[]
}) {
  return (
    <dl className="read">
      {readings.map((reading, index) => {
        const isSum = lastIsSum && index === readings.length - 1
        const line = lines?.[index]
        return (
          <div key={reading.key} className={isSum ? 'total' : undefined}>
            <dt>
              {line ? <LineSwatch line={line} /> : <Swatch of={reading.key} />}
              <bdi>{reading.label}</bdi>
            </dt>
            <dd>{reading.value}</dd>
            <dd className="d">{reading.change}</dd>
            {reading.span && <dd className="span">{reading.span}</dd>}
          </div>
        )
      })}
    </dl>
  )
}
