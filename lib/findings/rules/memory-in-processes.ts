import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, isMemcgCase } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

const MOST = 0.5
const TABLES_WORTH_SAYING = 0.05

/** Most of RAM is the memory of programs, as opposed to the kernel's. */
export const memoryInProcesses: FindingRule = {
  codes: ['memory-in-processes'],
  tells: 'holder',
  find(_facts, incident) {
    const { balance, main, cause } = incident
    const isAsked = cause.class === 'exhaustion' || cause.class === 'unknown'
    if (!balance?.own || !main || !isAsked || isMemcgCase(incident) || (balance.ownShare ?? 0) < MOST) return null
    const tables =
      main.pageTables && main.pageTables.kib >= balance.usable.kib * TABLES_WORTH_SAYING ? main.pageTables : null
    const params = {
      size: balance.own.kib,
      usable: balance.usable.kib,
      share: balance.ownShare,
      tables: tables?.kib ?? null,
    }
    const detail = main.anon ? message('memory-in-processes.anon', params) : message('memory-in-processes.lru', params)
    const lines = mergeLines([...balance.own.lines, ...balance.usable.lines, ...(tables?.lines ?? [])])
    // Where the lists are not split, pages mapped by programs tell the two apart.
    const isOwn = main.anon !== null || (main.mapped?.kib ?? 0) >= balance.own.kib * MOST
    const headline = isOwn ? message('memory-in-processes', {}) : message('memory-in-processes.or-files', {})
    return finding('memory-in-processes', headline, detail, lines)
  },
}
