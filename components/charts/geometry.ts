/** A drawing of the chart stack for one kind of screen or paper; the style sheet shows the one that fits. */
export interface Geometry {
  name: 'wide' | 'narrow' | 'paper' | 'live'
  /** Of the drawing, with the value labels right of the plot. */
  width: number
  plot: number
  memory: number
  swap: number
  pressure: number
  /** Of each panel of lines. */
  lines: number
  /** Room over the plots for the name of their ceiling. */
  head: number
  isCompact: boolean
}

export const GEOMETRIES: readonly Geometry[] = [
  {
    name: 'wide',
    width: 1120,
    plot: 1064,
    memory: 268,
    swap: 172,
    pressure: 108,
    lines: 150,
    head: 24,
    isCompact: false,
  },
  {
    name: 'narrow',
    width: 358,
    plot: 320,
    memory: 220,
    swap: 200,
    pressure: 180,
    lines: 200,
    head: 22,
    isCompact: true,
  },
  {
    name: 'paper',
    width: 660,
    plot: 604,
    memory: 230,
    swap: 150,
    pressure: 96,
    lines: 120,
    head: 22,
    isCompact: false,
  },
]

export const AXIS_HEIGHT = 34
export const KILL_LANE = 28
/** Each further row of kill labels. */
export const KILL_ROW = 20
export const LANE = 24

/** Vertical place of a value between the foot of a plot and its head. */
export function yOf(value: number, max: number, top: number, bottom: number): number {
  return bottom - (value / max) * (bottom - top)
}

/** The geometry of a drawing made for a measured width, as high as the static one it replaces, so nothing shifts. */
export function fitGeometry(base: Geometry, width: number): Geometry {
  const scale = width / base.width
  return {
    ...base,
    name: 'live',
    width,
    plot: width - (base.width - base.plot),
    memory: base.memory * scale,
    swap: base.swap * scale,
    pressure: base.pressure * scale,
    lines: base.lines * scale,
  }
}
