import type { LogLine } from '@/lib/analysis/upload'
import { readUploadLines } from '@/lib/db/upload-bytes'
import type { Excerpt } from '@/lib/incidents/excerpt'

/** Stretches closer than this are fetched as one: fetching unpacks whole pieces of an upload. */
const NEAR_LINES = 400

/** The raw lines that excerpts show, by source; a source that is not kept any more is empty. */
export async function readExcerptLines(excerpts: readonly Excerpt[]): Promise<Record<string, LogLine[]>> {
  const entries = await Promise.all(
    excerpts.map(async ({ source, parts }) => {
      const shown = parts.filter((part) => !part.isFolded)
      const fetched = await Promise.all(mergeNear(shown).map(({ from, to }) => readUploadLines(source, from, to)))
      const isShown = (line: number) => shown.some((part) => part.from <= line && line <= part.to)
      return [source, fetched.flat().filter(({ line }) => isShown(line))] as const
    }),
  )
  return Object.fromEntries(entries)
}

function mergeNear(parts: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of parts) {
    const last = merged.at(-1)
    if (last && from - last.to < NEAR_LINES) last.to = to
    else merged.push({ from, to })
  }
  return merged
}
