'use client'

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { BrushPlot } from '@/components/charts/brush-plot'
import { useRangeInAddress } from '@/components/charts/use-range-in-address'
import { formatDayTime } from '@/lib/charts/clock'
import { fitRange, type OverviewModel } from '@/lib/charts/overview'
import type { TimeRange } from '@/lib/charts/time-scale'
import { formatDuration } from '@/lib/units'

interface BrushProps {
  overview: OverviewModel
  /** What the charts above show. */
  shown: TimeRange
  zone: string
}

const LEAST_MS = 60_000
/** A drag shorter than this is a click. */
const LEAST_DRAG_PX = 4
const STEPS = 200

/** What is being moved: an end of the range, all of it, or a range drawn anew. */
interface Drag {
  part: 'from' | 'to' | 'all' | 'new'
  startX: number
  start: TimeRange
  hasMoved: boolean
}

/** Everything kept, with the range shown as a window that is moved and widened by pointer, touch and keys. */
export function Brush({ overview, shown, zone }: BrushProps) {
  const { range } = overview
  const field = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag | null>(null)
  const zoomTo = useRangeInAddress()
  // Holds until the page has come back with the range it asked for.
  const [draft, setDraft] = useState<{ of: TimeRange; range: TimeRange } | null>(null)
  const isCurrent = draft?.of.from === shown.from && draft.of.to === shown.to
  const window = draft && isCurrent ? draft.range : shown

  const change = (next: TimeRange) => setDraft({ of: shown, range: fitRange(next, range, LEAST_MS) })
  const commit = () => {
    if (window.from !== shown.from || window.to !== shown.to) zoomTo(window)
  }
  const msOf = (px: number) => (px / (field.current?.clientWidth || 1)) * (range.to - range.from)
  const instantAt = (clientX: number) => range.from + msOf(clientX - (field.current?.getBoundingClientRect().left ?? 0))

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    // Every part of the window says in its attribute what it moves.
    const part = (event.target as HTMLElement).dataset.part
    drag.current = {
      part: part === 'from' || part === 'to' || part === 'all' ? part : 'new',
      startX: event.clientX,
      start: window,
      hasMoved: false,
    }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const current = drag.current
    if (!current) return
    current.hasMoved ||= Math.abs(event.clientX - current.startX) >= LEAST_DRAG_PX
    if (current.hasMoved) change(dragged(current, instantAt(event.clientX), instantAt(current.startX)))
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const current = drag.current
    drag.current = null
    if (!current) return
    if (current.hasMoved) commit()
    else if (current.part === 'new') {
      const half = (shown.to - shown.from) / 2
      const at = instantAt(event.clientX)
      zoomTo(fitRange({ from: at - half, to: at + half }, range, LEAST_MS))
    }
  }
  const onKeyDown = (part: 'from' | 'to' | 'all') => (event: KeyboardEvent) => {
    const step = ((range.to - range.from) / STEPS) * (event.shiftKey ? 10 : 1)
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step }[event.key]
    if (by === undefined) return
    event.preventDefault()
    // The chart around has arrow keys of its own.
    event.stopPropagation()
    const moved = dragged({ part, start: window }, by, 0)
    change(part === 'all' ? moved : ordered(moved, part))
  }
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key.startsWith('Arrow')) commit()
  }

  const share = (at: number) => `${Math.min(100, Math.max(0, ((at - range.from) / (range.to - range.from)) * 100))}%`
  const ends = [
    { part: 'from', at: window.from, label: 'Start of the range shown' },
    { part: 'to', at: window.to, label: 'End of the range shown' },
  ] as const
  return (
    <div className="panel brush noprint">
      <div className="lab">
        <h3>Everything kept</h3>
        <p className="faint">
          {formatDuration(range.to - range.from)}
          {overview.field && `, ${overview.field}`}
        </p>
      </div>
      <div className="brushfield">
        <div
          ref={field}
          className="brushplot"
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={() => {
            drag.current = null
            setDraft(null)
          }}
        >
          <BrushPlot overview={overview} zone={zone} />
          <span className="shade" style={{ left: 0, width: share(window.from) }} />
          <span className="shade" style={{ left: share(window.to), right: 0 }} />
          <span
            className="win"
            role="slider"
            tabIndex={0}
            data-part="all"
            aria-label="Range shown"
            aria-valuemin={range.from}
            aria-valuemax={range.to}
            aria-valuenow={Math.round((window.from + window.to) / 2)}
            aria-valuetext={`${formatDayTime(window.from, zone)} to ${formatDayTime(window.to, zone)}`}
            onKeyDown={onKeyDown('all')}
            onKeyUp={onKeyUp}
            style={{ left: share(window.from), right: `calc(100% - ${share(window.to)})` }}
          />
          {ends.map(({ part, at, label }) => (
            <span
              key={part}
              className={`grip ${part}`}
              role="slider"
              tabIndex={0}
              data-part={part}
              aria-label={label}
              aria-valuemin={range.from}
              aria-valuemax={range.to}
              aria-valuenow={at}
              aria-valuetext={formatDayTime(at, zone)}
              onKeyDown={onKeyDown(part)}
              onKeyUp={onKeyUp}
              style={{ left: share(at) }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function dragged({ part, start }: Pick<Drag, 'part' | 'start'>, at: number, startAt: number): TimeRange {
  const by = at - startAt
  if (part === 'all') return { from: start.from + by, to: start.to + by }
  if (part === 'new') return { from: Math.min(at, startAt), to: Math.max(at, startAt) }
  const moved = part === 'from' ? { from: start.from + by, to: start.to } : { from: start.from, to: start.to + by }
  return ordered(moved, part)
}

/** An end that was moved over the other stops before it. */
function ordered({ from, to }: TimeRange, part: 'from' | 'to'): TimeRange {
  if (to - from >= LEAST_MS) return { from, to }
  return part === 'from' ? { from: to - LEAST_MS, to } : { from, to: from + LEAST_MS }
}
