'use client'

import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { LaneRail, LinesRail, MemoryRail, PanelRail } from '@/components/charts/chart-rail'
import { EmptyPlot } from '@/components/charts/empty-plot'
import { fitGeometry, GEOMETRIES, type Geometry } from '@/components/charts/geometry'
import {
  InteractiveLines,
  InteractiveMemory,
  InteractivePressure,
  InteractiveSwap,
} from '@/components/charts/interactive-panels'
import { killRows, LaneStrip } from '@/components/charts/lane-strip'
import { TimeAxis } from '@/components/charts/plot-marks'
import { useChartKeys } from '@/components/charts/use-chart-keys'
import { useRangeInAddress } from '@/components/charts/use-range-in-address'
import { type ChartModel, panelsOf } from '@/lib/charts/chart-model'
import { formatDayTime } from '@/lib/charts/clock'
import { readPanel } from '@/lib/charts/readings'
import { type TimeRange, xOf } from '@/lib/charts/time-scale'
import type { EpochMs } from '@/lib/units'

/** A drag shorter than this is a click. */
const LEAST_DRAG_PX = 6

interface InteractiveStackProps {
  model: ChartModel
  flagAt: EpochMs | null
  onDrawn: () => void
}

/**
 * The interactive view of a chart model: one cursor over all panels whose readings stand in the rail, zoom by dragging
 * (the range goes into the address) and back by a double click, keys for both.
 */
export function InteractiveStack({ model, flagAt, onDrawn }: InteractiveStackProps) {
  const field = useRef<HTMLDivElement>(null)
  const geometry = useGeometry(field)
  const [cursor, setCursor] = useState<EpochMs | null>(null)
  const [drag, setDrag] = useState<TimeRange | null>(null)
  const zoomTo = useRangeInAddress()
  const onKeyDown = useChartKeys({ model, cursor, setCursor, zoomTo })
  const isDrawn = geometry !== null

  useEffect(() => {
    if (isDrawn) onDrawn()
  }, [isDrawn, onDrawn])

  const instantAt = (event: PointerEvent<HTMLElement>): EpochMs | null => {
    if (!geometry || !field.current) return null
    const x = event.clientX - field.current.getBoundingClientRect().left
    if (x < 0 || x > geometry.plot) return null
    return Math.round(model.range.from + (x / geometry.plot) * (model.range.to - model.range.from))
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = instantAt(event)
    setCursor(at)
    if (drag && at !== null) setDrag({ from: drag.from, to: at })
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const at = instantAt(event)
    if (event.pointerType === 'mouse' && event.button === 0 && at !== null) setDrag({ from: at, to: at })
  }
  const onPointerUp = () => {
    if (drag && geometry) {
      const wide = Math.abs(xOf(drag.to, model.range, geometry.plot) - xOf(drag.from, model.range, geometry.plot))
      if (wide >= LEAST_DRAG_PX) zoomTo({ from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) })
    }
    setDrag(null)
  }

  const readAt = cursor ?? model.readAt
  return (
    <figure
      className="panels live"
      aria-label="Memory over time. Arrow keys move the cursor, plus and minus zoom, 0 shows everything."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is operated with keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerDown={onPointerDown}
      onPointerUp={onPointerUp}
      onDoubleClick={() => zoomTo(null)}
      onPointerLeave={() => {
        setCursor(null)
        setDrag(null)
      }}
    >
      <Drawings model={model} geometry={geometry} flagAt={flagAt} readAt={readAt} field={field} />
      {geometry && <Crosshair model={model} geometry={geometry} field={field} cursor={cursor} drag={drag} />}
      <p className="sr" aria-live="polite">
        {cursor === null ? '' : spokenReading(model, cursor)}
      </p>
    </figure>
  )
}

interface DrawingsProps {
  model: ChartModel
  geometry: Geometry | null
  flagAt: EpochMs | null
  readAt: EpochMs
  field: React.RefObject<HTMLDivElement | null>
}

function Drawings({ model, geometry, flagAt, readAt, field }: DrawingsProps) {
  const rows = geometry ? killRows(model, [geometry.plot]) : 1
  // The panels draw thousands of points: the cursor must not draw them anew.
  const plots = useMemo(
    () =>
      geometry && {
        lanes: <LaneStrip model={model} geometry={geometry} rows={rows} />,
        memory: model.memory ? (
          <InteractiveMemory model={model} memory={model.memory} geometry={geometry} />
        ) : (
          <EmptyPlot model={model} geometry={geometry} height={geometry.memory} />
        ),
        swap: model.swap && <InteractiveSwap model={model} swap={model.swap} geometry={geometry} />,
        pressure: model.pressure && <InteractivePressure model={model} pressure={model.pressure} geometry={geometry} />,
        cgroups: model.cgroups && <InteractiveLines model={model} panel={model.cgroups} geometry={geometry} />,
        processes: model.processes && <InteractiveLines model={model} panel={model.processes} geometry={geometry} />,
        axis: <TimeAxis model={model} geometry={geometry} flagAt={flagAt} />,
      },
    [model, geometry, rows, flagAt],
  )
  return (
    <>
      <Row kind="lanes first" rail={<LaneRail model={model} rows={rows} />} field={field}>
        {plots?.lanes}
      </Row>
      <Row kind="p-memory" rail={<MemoryRail model={model} at={readAt} />}>
        {plots?.memory}
      </Row>
      {model.swap && (
        <Row kind="p-swap" rail={<PanelRail title="Swap" panel={model.swap} at={readAt} />}>
          {plots?.swap}
        </Row>
      )}
      {model.pressure && (
        <Row kind="p-pressure" rail={<PanelRail title="Pressure" panel={model.pressure} at={readAt} />}>
          {plots?.pressure}
        </Row>
      )}
      {model.cgroups && (
        <Row kind="p-cgroups" rail={<LinesRail panel={model.cgroups} at={readAt} />}>
          {plots?.cgroups}
        </Row>
      )}
      {model.processes && (
        <Row kind="p-processes" rail={<LinesRail panel={model.processes} at={readAt} />}>
          {plots?.processes}
        </Row>
      )}
      <Row kind="axisrow" rail={null}>
        {plots?.axis}
      </Row>
    </>
  )
}

interface RowProps {
  kind: string
  rail: ReactNode
  children: ReactNode
  field?: React.RefObject<HTMLDivElement | null>
}

function Row({ kind, rail, children, field }: RowProps) {
  return (
    <div className={`panel ${kind}`}>
      <div className="lab">{rail}</div>
      <div className="drawings" ref={field}>
        {children}
      </div>
    </div>
  )
}

interface CrosshairProps {
  model: ChartModel
  geometry: Geometry
  field: React.RefObject<HTMLDivElement | null>
  cursor: EpochMs | null
  drag: TimeRange | null
}

function Crosshair({ model, geometry, field, cursor, drag }: CrosshairProps) {
  const left = field.current?.offsetLeft ?? 0
  const x = (at: EpochMs) => left + xOf(at, model.range, geometry.plot)
  return (
    <>
      {drag && (
        <div
          className="dragged"
          style={{ left: Math.min(x(drag.from), x(drag.to)), width: Math.abs(x(drag.to) - x(drag.from)) }}
        />
      )}
      {cursor !== null && (
        <div className="crosshair" style={{ left: x(cursor) }}>
          <span>{formatDayTime(cursor, model.zone).split(', ')[1]}</span>
        </div>
      )}
    </>
  )
}

/** The drawing that fits the column, as wide as it is now; null until it was measured. */
function useGeometry(field: React.RefObject<HTMLDivElement | null>): Geometry | null {
  const [geometry, setGeometry] = useState<Geometry | null>(null)
  useEffect(() => {
    const element = field.current
    if (!element) return
    const measure = () => {
      const width = Math.round(element.getBoundingClientRect().width)
      const name = matchMedia('(max-width: 760px)').matches
        ? 'narrow'
        : matchMedia('(max-width: 1180px)').matches
          ? 'paper'
          : 'wide'
      const base = GEOMETRIES.find((each) => each.name === name)
      if (!base || width < 100) return
      setGeometry((known) =>
        known?.width === width && known.isCompact === base.isCompact ? known : fitGeometry(base, width),
      )
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [field])
  return geometry
}

function spokenReading(model: ChartModel, at: EpochMs): string {
  const readings = panelsOf(model).flatMap(({ panel }) => readPanel(panel, at))
  return `${formatDayTime(at, model.zone)}: ${readings.map((reading) => `${reading.label} ${reading.value}`).join(', ')}`
}
