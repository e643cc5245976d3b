import { type Geometry, yOf } from '@/components/charts/geometry'
import { fillOf } from '@/components/charts/patterns'
import { Band, KillRules, round } from '@/components/charts/plot-marks'
import type { ChartModel, ReportFigures } from '@/lib/charts/chart-model'
import { textWidth } from '@/lib/charts/marks'
import { xOf } from '@/lib/charts/time-scale'
import { byteScale } from '@/lib/charts/value-scale'
import { formatBytes } from '@/lib/units'

const COLUMN = 18
const LABEL_STEP = 13

/** A memory panel without samples: words instead of a plot, and each report's own figures as a column at its time. */
export function EmptyPlot({ model, geometry, height }: { model: ChartModel; geometry: Geometry; height: number }) {
  const { plot, width, name, isCompact, head } = geometry
  const total = Math.max(0, ...model.reports.map((report) => report.total))
  const scale = total > 0 ? byteScale(total) : null
  const y = (bytes: number) => round(yOf(bytes, scale?.max ?? 1, head, height))
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary(model.reports)}>
      {scale?.ticks
        .filter((tick) => y(tick.value) - y(total) > 10)
        .map((tick) => (
          <g key={tick.value}>
            <path className="gridline" d={`M0 ${y(tick.value)}H${plot}`} />
            <text x={plot + 8} y={y(tick.value) + 4}>
              {isCompact ? tick.shortLabel : tick.label}
            </text>
          </g>
        ))}
      <Band model={model} plot={plot} height={height} />
      {scale && <path className="ceil" d={`M0 ${y(total)}H${plot}`} />}
      <KillRules model={model} plot={plot} height={height} />
      {model.reports.slice(0, 12).map((report) => (
        <ReportColumn
          key={report.at}
          report={report}
          model={model}
          plot={plot}
          y={y}
          hasLabels={model.reports.length === 1 && !isCompact}
        />
      ))}
      {scale && (
        <text className="halo t2" x="0" y={y(total) - 5}>
          {ceilingName(model.reports)} {formatBytes(total)}
          {!isCompact && ', from the report'}
        </text>
      )}
      <EmptyWords x={wordsAt(model, plot)} height={height} hasReports={model.reports.length > 0} />
      <path className="axis" d={`M0 ${height - 0.5}H${plot}`} />
      {scale && (
        <text x={plot + 8} y={height - 1}>
          0
        </text>
      )}
    </svg>
  )
}

interface ReportColumnProps {
  report: ReportFigures
  model: ChartModel
  plot: number
  y: (bytes: number) => number
  hasLabels: boolean
}

function ReportColumn({ report, model, plot, y, hasLabels }: ReportColumnProps) {
  const x = round(xOf(report.at, model.range, plot))
  const isRight = isLabelledLeft(x, plot)
  const left = Math.min(Math.max(0, x - COLUMN), plot - COLUMN)
  let foot = 0
  const blocks = report.parts.map((part) => {
    const bottom = y(foot)
    foot += part.bytes
    return { ...part, top: y(foot), bottom }
  })
  const labels = hasLabels ? placeInColumn(blocks.toReversed(), y(report.total), y(0)) : []
  return (
    <g>
      {blocks.map((block) => (
        <rect
          key={block.label}
          className="layer"
          fill={fillOf(block.key)}
          x={left}
          y={block.top}
          width={COLUMN}
          height={Math.max(0.75, block.bottom - block.top)}
        />
      ))}
      <rect className="columnedge" x={left} y={y(foot)} width={COLUMN} height={y(0) - y(foot)} />
      {labels.map(({ block, place }) => {
        const text = `${block.label} ${formatBytes(block.bytes)}`
        const fits = isRight ? left - 8 - textWidth(text, 11) > 0 : left + COLUMN + 8 + textWidth(text, 11) < plot
        return fits ? (
          <text
            key={block.label}
            className={isRight ? 'halo e t2' : 'halo t2'}
            x={isRight ? left - 8 : left + COLUMN + 8}
            y={round(place)}
          >
            {text}
          </text>
        ) : null
      })}
    </g>
  )
}

const WORDS_WIDTH = 236
const LABELS_WIDTH = 190

/** Each label beside its block, from the top, moved apart where they would meet, and never under the foot. */
function placeInColumn<Block extends { top: number; bottom: number }>(
  blocks: readonly Block[],
  top: number,
  foot: number,
): { block: Block; place: number }[] {
  let last = top - 2
  const placed = blocks.map((block) => {
    last = Math.max((block.top + block.bottom) / 2 + 4, last + LABEL_STEP)
    return { block, place: last }
  })
  let limit = foot - 4
  for (const label of placed.toReversed()) {
    label.place = Math.min(label.place, limit)
    limit = label.place - LABEL_STEP
  }
  return placed
}

/** Left of the first column, or of its labels, where the words fit; else right of the last and of its labels. */
function wordsAt(model: ChartModel, plot: number): number {
  const columns = model.reports.map((report) => xOf(report.at, model.range, plot))
  const labels = (isThere: boolean) => (model.reports.length === 1 && isThere ? LABELS_WIDTH : 0)
  const first = Math.min(...columns)
  if (columns.length === 0 || first - COLUMN - labels(isLabelledLeft(first, plot)) >= WORDS_WIDTH) return 8
  return Math.max(8, Math.min(Math.max(...columns) + LABELS_WIDTH, plot - WORDS_WIDTH))
}

/** Labels of a column stand on the side with more room. */
function isLabelledLeft(x: number, plot: number): boolean {
  return x > plot / 2
}

function EmptyWords({ x, height, hasReports }: { x: number; height: number; hasReports: boolean }) {
  const second = hasReports ? 'The column is what the report itself prints.' : 'Kills below come from the log.'
  return (
    <text className="halo t1 s12" x={round(x)} y={round(height * 0.62)}>
      <tspan>No metrics for this window.</tspan>
      <tspan className="t2" x={round(x)} dy="18">
        {second}
      </tspan>
    </text>
  )
}

/** Reports about a machine and about groups on it have no ceiling in common but the largest. */
function ceilingName(reports: readonly ReportFigures[]): string {
  return reports.reduce((most, report) => (report.total > most.total ? report : most)).totalName
}

function summary(reports: readonly ReportFigures[]): string {
  const told = reports.map((report) =>
    report.parts.map((part) => `${part.label} ${formatBytes(part.bytes)}`).join(', '),
  )
  return ['No metrics for this window.', ...told].join(' ')
}
