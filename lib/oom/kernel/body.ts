import { mergeAllowedNodes, readAllowedNodes } from '@/lib/oom/kernel/allowed-nodes'
import type { Draft } from '@/lib/oom/kernel/draft'
import { readMemInfoLine } from '@/lib/oom/kernel/mem-info'
import { readMemcgLine, readOomKill } from '@/lib/oom/kernel/memcg'
import { readTaskHeader, readTaskRow } from '@/lib/oom/kernel/task-dump'
import type { Entry } from '@/lib/oom/source'

const TASKS_HEADER = /^Tasks state \(memory values in pages\):/
const SLAB_HEADER = /^Unreclaimable slab info:/
const SLAB_COLUMNS = /^Name +Used +Total$/
// "btrfs_extent_map     3207098KB    3375622KB"
const SLAB_ROW = /^(\S{1,64}) +(\d{1,20})KB +(\d{1,20})KB$/

/** Reads one line between trigger and kill into `draft`; false when it is none. */
export function readBodyLine(draft: Draft, entry: Entry, text: string): boolean {
  const line = entry.from
  const nodes = readAllowedNodes(text, line)
  if (nodes) draft.report.nodes = mergeAllowedNodes(draft.report.nodes ?? null, nodes)
  const oomKill = readOomKill(text)
  if (oomKill) {
    draft.oomKill = oomKill
    draft.oomKillEntry = entry
    return true
  }
  const header = readTaskHeader(text)
  if (header) {
    draft.columns = header.columns
    draft.tasks ??= []
    draft.memcg.isInStats = false
    return true
  }
  if (text.startsWith('[')) {
    const row = readTaskRow(text, draft.columns, line)
    if (row !== null && row !== 'short') {
      draft.tasks ??= []
      // Doubled lines of a paste are one row.
      if (draft.tasks.at(-1)?.pid !== row.pid) draft.tasks.push(row)
    }
    if (row !== null) return true
  }
  if (readMemcgLine(text, line, draft.memcg)) return true
  if (SLAB_HEADER.test(text)) {
    draft.isInSlabList = true
    return true
  }
  if (draft.isInSlabList) {
    const slab = SLAB_ROW.exec(text)
    if (slab) {
      draft.report.slabs.push({ name: slab[1] ?? '', usedKib: Number(slab[2]), totalKib: Number(slab[3]), line })
      return true
    }
    if (SLAB_COLUMNS.test(text)) return true
    draft.isInSlabList = false
  }
  return readMemInfoLine(text, line, draft.memory) || TASKS_HEADER.test(text) || nodes !== null
}
