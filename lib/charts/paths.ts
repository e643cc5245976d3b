/** One decimal is a tenth of a pixel: enough for any screen, and half the bytes. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A line through points; null members break it. A point alone is a line of no length: a dot, where its ends are round. */
export function linePath(xs: readonly number[], ys: readonly (number | null)[]): string {
  let path = ''
  let length = 0
  xs.forEach((x, index) => {
    const y = ys[index] ?? null
    if (y !== null) path += `${length > 0 ? 'L' : 'M'}${px(x)} ${px(y)}`
    else if (length === 1) path += 'h0'
    length = y === null ? 0 : length + 1
  })
  return length === 1 ? `${path}h0` : path
}

/** A line that keeps its value until the next point; null members break it. */
export function stepPath(xs: readonly number[], ys: readonly (number | null)[]): string {
  let path = ''
  let before: number | null = null
  xs.forEach((x, index) => {
    const y = ys[index] ?? null
    if (y !== null) path += before === null ? `M${px(x)} ${px(y)}h0` : `H${px(x)}V${px(y)}`
    before = y
  })
  return path
}

const ALONE_PX = 1.5

/** The area between two edges over the same xs, closed; where either edge is null nothing is drawn. */
export function areaPath(
  xs: readonly number[],
  tops: readonly (number | null)[],
  bottoms: readonly (number | null)[],
): string {
  let path = ''
  let start = 0
  const flush = (end: number) => {
    if (end - start >= 2) {
      const there = xs.slice(start, end).map((x, offset) => `${px(x)} ${px(tops[start + offset] ?? 0)}`)
      const back = xs.slice(start, end).map((x, offset) => `${px(x)} ${px(bottoms[start + offset] ?? 0)}`)
      path += `M${there.join('L')}L${back.reverse().join('L')}Z`
    }
    if (end - start === 1) {
      const [x, top, bottom] = [(xs[start] ?? 0) - ALONE_PX / 2, tops[start] ?? 0, bottoms[start] ?? 0]
      path += `M${px(x)} ${px(top)}h${ALONE_PX}V${px(bottom)}h-${ALONE_PX}Z`
    }
    start = end + 1
  }
  xs.forEach((_, index) => {
    if ((tops[index] ?? null) === null || (bottoms[index] ?? null) === null) flush(index)
  })
  flush(xs.length)
  return path
}
