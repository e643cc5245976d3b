import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type Chapter, toChapter } from '@/lib/analysis/chapter'
import type { Ends } from '@/lib/analysis/ends'
import { mayBeCut, readSeam, withSeamAfter, withSeamBefore } from '@/lib/analysis/seam'
import { settleYears } from '@/lib/analysis/years'
import type { YearOfHistory } from '@/lib/logs/dating'

/** A file that was read, with what is needed to understand it as a part of its host's history. */
export interface ReadFile {
  analysis: FileAnalysis
  ends: Ends
  /** The same facts timed by another year. */
  redate(history: YearOfHistory): FileAnalysis
}

/**
 * Understands files that came together as the history of their hosts: years that one file does not tell are settled by
 * the others, and reports that rotation has cut are made whole. Files without a host and files of different hosts change
 * nothing for each other. The order of files does not matter.
 *
 * @param zone as told with the files
 */
export function joinHistory(files: readonly ReadFile[], zone: string | null): FileAnalysis[] {
  const years = settleYears(chaptersOf(files.map(({ analysis }) => analysis)))
  const analyses = files.map(({ analysis, redate }) => {
    const year = years.get(analysis.name)
    return year ? redate(year) : analysis
  })
  const chapters = chaptersOf(analyses)
  const place = new Map(files.map(({ analysis }, index) => [analysis.name, index]))
  for (const { older, newer } of seamsOf(chapters)) {
    const [from, to] = [place.get(older.source) ?? -1, place.get(newer.source) ?? -1]
    const tail = files[from]?.ends.tail(older.lines - (older.openFrom ?? 0) + 1)
    const seam = tail && readSeam(older, newer, { tail, head: files[to]?.ends.head() ?? [], zone })
    const [before, after] = [analyses[from], analyses[to]]
    if (!seam || !before || !after) continue
    analyses[from] = withSeamAfter(before, seam)
    analyses[to] = withSeamBefore(after, seam)
  }
  return analyses
}

/** Two files of one name cannot be told apart, so neither is a chapter. */
function chaptersOf(analyses: readonly FileAnalysis[]): Chapter[] {
  const chapters = analyses.flatMap((analysis) => toChapter(analysis, analysis.name) ?? [])
  return chapters.filter(({ source }) => chapters.filter((other) => other.source === source).length === 1)
}

/** For each file that ends inside a report the one that follows it most closely. */
function seamsOf(chapters: readonly Chapter[]): { older: Chapter; newer: Chapter }[] {
  return chapters.flatMap((older) => {
    const next = chapters
      .filter((newer) => mayBeCut(older, newer))
      .sort((a, b) => Math.abs((a.from ?? 0) - (older.to ?? 0)) - Math.abs((b.from ?? 0) - (older.to ?? 0)))
    return next[0] ? [{ older, newer: next[0] }] : []
  })
}
