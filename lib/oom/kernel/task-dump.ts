import type { Task } from '@/lib/oom/report'

/** Column names of a task dump, without the pid in front and the name at the end. */
export type TaskColumns = readonly string[]

const HEADER = /^\[ *pid *\] +(.+)$/
const ROW = /^\[ *(\d{1,10})\]\s+/

/** Reads the header; columns are known by name, because every kernel and vendor has its own set. Null for other lines. */
export function readTaskHeader(message: string): { columns: TaskColumns; isWhole: boolean } | null {
  const match = HEADER.exec(message.length > 300 ? message.slice(0, 300) : message)
  if (!match) return null
  const words = (match[1] ?? '').trim().split(/\s+/)
  const isWhole = words.at(-1) === 'name'
  return { columns: isWhole ? words.slice(0, -1) : words, isWhole }
}

/**
 * Reads one row. Without a header only the columns that all kernels share are taken.
 *
 * @returns null for other lines, `'short'` for a row that the end of the line cuts before its name
 */
export function readTaskRow(message: string, columns: TaskColumns | null, line: number): Task | 'short' | null {
  const start = ROW.exec(message.length > 64 ? message.slice(0, 64) : message)
  if (!start) return null
  const words = message.slice(start[0].length).trim().split(/\s+/)
  const numbers = words.findIndex((word) => !/^(?:-?\d{1,20}|\(?\d{0,2}\)?\d{1,20})$/.test(word))
  const count = columns?.length ?? (numbers < 0 ? words.length : numbers)
  if (columns ? numbers >= 0 && numbers < count : count < 5) return columns && numbers < 0 ? 'short' : null
  if (words.length <= count) return columns ? 'short' : null
  const value = (name: string): number | null => {
    const at = columns ? columns.indexOf(name) : SHARED_COLUMNS.indexOf(name)
    const word = at < 0 || at >= count ? undefined : words[at]
    return word === undefined || !/^-?\d+$/.test(word) ? null : Number(word)
  }
  const ptes = value('nr_ptes')
  const pmds = value('nr_pmds')
  return {
    line,
    pid: Number(start[1]),
    tgid: value('tgid'),
    uid: value('uid'),
    comm: nameAfter(message.slice(start[0].length), count),
    totalVmPages: value('total_vm'),
    rssPages: value('rss'),
    rssAnonPages: value('rss_anon'),
    rssFilePages: value('rss_file'),
    rssShmemPages: value('rss_shmem'),
    swapPages: value('swapents') ?? value('swap'),
    pageTableBytes: value('pgtables_bytes'),
    pageTablePages: ptes === null ? null : ptes + (pmds ?? 0) + (value('nr_puds') ?? 0),
    oomScoreAdj: value('oom_score_adj') ?? value('score_adj'),
    oomAdj: value('oom_adj'),
  }
}

/** Equal in every kernel since 2.6.25. */
const SHARED_COLUMNS: TaskColumns = ['uid', 'tgid', 'total_vm', 'rss']

/** The rest of a row behind its number columns: a name may hold spaces. */
function nameAfter(text: string, columns: number): string {
  let rest = text.trim()
  for (let column = 0; column < columns; column += 1) rest = rest.replace(/^\S+\s+/, '')
  return rest
}
