/** A kernel release as numbers; `6.18.0-rc3+` is 6.18.0. Null when the text does not start like one. */
export function parseRelease(text: string | null): [number, number, number] | null {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? '')
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null
}

/** Negative when the first is older. */
export function compareReleases(a: [number, number, number], b: [number, number, number]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
