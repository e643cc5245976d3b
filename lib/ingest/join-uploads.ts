import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type Chapter, toChapter } from '@/lib/analysis/chapter'
import type { ReadFile } from '@/lib/analysis/history'
import { mayBeCut, readSeam, type Seam, withSeamAfter, withSeamBefore } from '@/lib/analysis/seam'
import { settleYears } from '@/lib/analysis/years'
import { listChapters, type StoredChapter } from '@/lib/db/chapters'
import { pool } from '@/lib/db/client'
import type { Claim } from '@/lib/db/queue'
import { readUploadLines } from '@/lib/db/upload-bytes'
import { readAgain } from '@/lib/db/uploads'

/** Lines of a file's start in which a report that began in the file before is completed. */
const HEAD_LINES = 2_000

/**
 * Understands a file as a part of its host's history: its year by the files that tell theirs, its cut reports with the
 * lines of the file before or after it. Changes nothing for archives, files without a host, and files of several hosts.
 */
export async function joinUpload(claim: Claim, file: ReadFile): Promise<FileAnalysis> {
  const { uploadId, hints } = claim
  const host = hints.host ?? file.analysis.host
  const alone = toChapter(file.analysis, uploadId, host)
  if (!alone || host === null || claim.isSample) return file.analysis
  const others = (await listChapters(host)).filter(({ source }) => source !== uploadId)
  const year = settleYears([alone, ...others]).get(uploadId)
  let analysis = year ? file.redate(year) : file.analysis
  const chapter = toChapter(analysis, uploadId, host) ?? alone
  for (const other of others) {
    const before = await findSeam(other, chapter, hints.zone)
    if (before) analysis = withSeamBefore(analysis, cited(before, analysis.name, uploadId))
    const after = before ? null : await findSeam(chapter, other, hints.zone)
    if (after) analysis = withSeamAfter(analysis, after)
  }
  return analysis
}

/**
 * Queues again what the upload just read changes for others of its host, and the upload itself when another was read at
 * the same time. To be called after it is stored, so that of two the later one sees the other.
 */
export async function requeueJoined(uploadId: string, hostname: string, zone: string | null): Promise<void> {
  const chapters = await listChapters(hostname)
  const chapter = chapters.find(({ source }) => source === uploadId)
  if (!chapter) return
  const years = settleYears(chapters)
  const stale = new Set<string>()
  for (const other of chapters) {
    const year = years.get(other.source)
    if (year && other.year && !other.year.isEvidenced && year.year !== other.year.value) stale.add(other.source)
    const isWhole = chapter.joined.includes(other.source) && other.joined.includes(uploadId)
    if (isWhole || !((await findSeam(other, chapter, zone)) ?? (await findSeam(chapter, other, zone)))) continue
    if (!chapter.joined.includes(other.source)) stale.add(uploadId)
    if (!other.joined.includes(uploadId)) stale.add(other.source)
  }
  for (const source of stale) await readAgain(pool, source)
}

async function findSeam(older: Chapter, newer: Chapter | StoredChapter, zone: string | null): Promise<Seam | null> {
  if (!mayBeCut(older, newer) || older.openFrom === null) return null
  const tail = await readUploadLines(older.source, older.openFrom, older.lines)
  if (tail.length !== older.lines - older.openFrom + 1) return null
  const head = await readUploadLines(newer.source, 1, HEAD_LINES)
  const texts = { tail: tail.map(({ text }) => text), head: head.map(({ text }) => text), zone }
  return readSeam(older, newer, texts)
}

/** The facts of a file are still cited by its name when they are joined. */
function cited(seam: Seam, name: string, uploadId: string): Seam {
  const kills = seam.kills.map((kill) =>
    kill.lines.source === uploadId ? { ...kill, lines: { ...kill.lines, source: name } } : kill,
  )
  return { ...seam, kills }
}
