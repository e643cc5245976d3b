import { Fragment, type ReactNode } from 'react'
import { LaneRail, LinesRail, MemoryRail, PanelRail } from '@/components/charts/chart-rail'
import { GEOMETRIES, type Geometry } from '@/components/charts/geometry'
import { killRows, LaneStrip } from '@/components/charts/lane-strip'
import { LinesPlot } from '@/components/charts/lines-plot'
import { MemoryPlot } from '@/components/charts/memory-plot'
import { TimeAxis } from '@/components/charts/plot-marks'
import { PressurePlot } from '@/components/charts/pressure-plot'
import { SwapPlot } from '@/components/charts/swap-plot'
import type { ChartModel } from '@/lib/charts/chart-model'

const WIDE_PLOTS = GEOMETRIES.filter((geometry) => !geometry.isCompact).map((geometry) => geometry.plot)

/** The chart stack as drawings for desktop, phone and paper: first paint, print, shared pages, no JavaScript. */
export function StaticStack({ model, flagAt }: { model: ChartModel; flagAt: number | null }) {
  const rows = killRows(model, WIDE_PLOTS)
  const phone = GEOMETRIES.filter((geometry) => geometry.isCompact).map((geometry) => geometry.plot)
  const { swap, pressure, processes, cgroups } = model
  return (
    <figure className="panels" aria-label="Memory over time">
      <PanelRow kind="lanes first" rail={<LaneRail model={model} rows={rows} />}>
        {(geometry) => (
          <LaneStrip model={model} geometry={geometry} rows={geometry.isCompact ? killRows(model, phone) : rows} />
        )}
      </PanelRow>
      <PanelRow kind="p-memory" rail={<MemoryRail model={model} at={model.readAt} />}>
        {(geometry) => <MemoryPlot model={model} geometry={geometry} />}
      </PanelRow>
      {swap && (
        <PanelRow kind="p-swap" rail={<PanelRail title="Swap" panel={swap} at={model.readAt} />}>
          {(geometry) => <SwapPlot model={model} swap={swap} geometry={geometry} />}
        </PanelRow>
      )}
      {pressure && (
        <PanelRow kind="p-pressure" rail={<PanelRail title="Pressure" panel={pressure} at={model.readAt} />}>
          {(geometry) => <PressurePlot model={model} pressure={pressure} geometry={geometry} />}
        </PanelRow>
      )}
      {cgroups && (
        <PanelRow kind="p-cgroups" rail={<LinesRail panel={cgroups} at={model.readAt} />}>
          {(geometry) => <LinesPlot model={model} panel={cgroups} geometry={geometry} />}
        </PanelRow>
      )}
      {processes && (
        <PanelRow kind="p-processes" rail={<LinesRail panel={processes} at={model.readAt} />}>
          {(geometry) => <LinesPlot model={model} panel={processes} geometry={geometry} />}
        </PanelRow>
      )}
      <PanelRow kind="axisrow" rail={null}>
        {(geometry) => <TimeAxis model={model} geometry={geometry} flagAt={flagAt} />}
      </PanelRow>
    </figure>
  )
}

interface PanelRowProps {
  kind: string
  rail: ReactNode
  children: (geometry: Geometry) => ReactNode
}

/** One row of the stack: its names at the left, its drawing in every size. */
export function PanelRow({ kind, rail, children }: PanelRowProps) {
  return (
    <div className={`panel ${kind}`}>
      <div className="lab">{rail}</div>
      <div className="drawings">
        {GEOMETRIES.map((geometry) => (
          <Fragment key={geometry.name}>{children(geometry)}</Fragment>
        ))}
      </div>
    </div>
  )
}
