/** One decimal is a tenth of a pixel: enough for any screen, and half the bytes. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A line through points; null members break it. */
export function linePath(xs: readonly number[], ys: readonly (number | null)[]): string {
  let path = ''
  let isDown = false
  xs.forEach((x, index) => {
    const y = ys[index] ?? null
    if (y !== null) path += `${isDown ? 'L' : 'M'}${px(x)} ${px(y)}`
    isDown = y !== null
  })
  return path
}

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
    start = end + 1
  }
  xs.forEach((_, index) => {
    if ((tops[index] ?? null) === null || (bottoms[index] ?? null) === null) flush(index)
  })
  flush(xs.length)
  return path
}
