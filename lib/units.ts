/** Kibibytes as the kernel prints them ("kB" in its logs is 1,024 bytes). */
export type Kib = number
/** Memory pages; their size is a property of the machine, never assumed silently. */
export type Pages = number
export type Bytes = number
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

export function kibToBytes(kib: Kib): Bytes {
  return kib * 1024
}

/** Whole kibibytes. */
export function bytesToKib(bytes: Bytes): Kib {
  return Math.round(bytes / 1024)
}

export function pagesToBytes(pages: Pages, pageSizeBytes: Bytes): Bytes {
  return pages * pageSizeBytes
}

export function pagesToKib(pages: Pages, pageSizeBytes: Bytes): Kib {
  return (pages * pageSizeBytes) / 1024
}

const NBSP = '\u00a0'
const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** "12.4 MiB": three significant digits in the largest unit that keeps the number at or above 1; joined by a no-break space. */
export function formatBytes(bytes: Bytes): string {
  let value = Math.abs(bytes)
  let step = 0
  while (value >= 1024 && step < STEPS.length - 1) {
    value /= 1024
    step += 1
  }
  const digits = step === 0 || value >= 100 ? 0 : 1
  const text = value.toFixed(digits).replace(/\.0$/, '')
  return `${bytes < 0 ? '−' : ''}${text}${NBSP}${STEPS[step]}`
}

/** "12,744 kB": the kernel's own unit and digits, for figures quoted from a report. */
export function formatKib(kib: Kib): string {
  return `${formatCount(kib)}${NBSP}kB`
}

/** "13,781,061" */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** "96.5 %" from a share of 1; what is not all of it never reads "100 %", and what is something never "0 %". */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.05) return `<${NBSP}0.1${NBSP}%`
  if (percent >= 99.95 && percent < 100) return `${(Math.floor(percent * 100) / 100).toFixed(2)}${NBSP}%`
  return `${percent.toFixed(1).replace(/\.0$/, '')}${NBSP}%`
}

/** "136 s", "44 min 49 s", "2 h 10 min", "3 days 4 h": the two largest units. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds === 0 && ms !== 0) return `${Math.round(Math.abs(ms))}${NBSP}ms`
  if (seconds < 180) return `${seconds}${NBSP}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return pair(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return pair(hours, 'h', minutes % 60, 'min')
  return pair(Math.floor(hours / 24), 'days', hours % 24, 'h')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${large}${NBSP}${largeUnit}`
  return small === 0 ? head : `${head} ${small}${NBSP}${smallUnit}`
}
