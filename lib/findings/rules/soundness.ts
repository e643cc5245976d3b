import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, firstLine, lineIn } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** Free lists are read zone by zone without a lock: a few pages of difference are normal. */
const TOLERANCE = 0.02

/** The sum of the free lists against the zone's free: a checksum of the report. */
export const selfConsistent: FindingRule = {
  codes: ['consistent', 'inconsistent'],
  tells: 'check',
  find(_facts, { main }) {
    if (!main) return null
    const source = main.report.lines.source
    const pairs = main.zones.flatMap((zone) => {
      if (!zone.buddies) return []
      const sum = zone.buddies.blocks.reduce((total, block) => total + block.sizeKib * block.count, 0)
      return [{ zone, sum, lines: mergeLines([...zone.free.lines, lineIn(source, zone.buddies.line)]) }]
    })
    if (pairs.length === 0) return null
    const allowed = (kib: number) => Math.max(kib * TOLERANCE, 64)
    const broken = pairs.find(({ zone, sum }) => Math.abs(sum - zone.free.kib) > allowed(zone.free.kib))
    if (broken) {
      const params = { zone: broken.zone.name, sum: broken.sum, free: broken.zone.free.kib }
      return finding('inconsistent', message('inconsistent', {}), message('inconsistent.detail', params), broken.lines)
    }
    const lines = mergeLines(pairs.flatMap((pair) => pair.lines))
    const detail = message('consistent.detail', { zones: pairs.length })
    return finding('consistent', message('consistent', {}), detail, lines)
  },
}

/** The task dump lacks rows. */
export const tableFiltered: FindingRule = {
  codes: ['table-filtered'],
  tells: 'gap',
  find(facts, { main }) {
    const rows = main?.report.tasks?.length ?? 0
    if (!main?.tasks || main.tasks.coverage === 'whole' || facts.kills.length === 0) return null
    if (main.tasks.coverage === 'unknown' && rows > 10) return null
    const source = main.report.lines.source
    const lines = mergeLines(main.tasks.rows.map((task) => lineIn(source, task.line)))
    if (main.tasks.coverage === 'unknown') {
      const detail = message('table-filtered.perhaps-detail', { rows })
      const headline = message('table-filtered.perhaps', {})
      return finding('table-filtered', headline, detail, lines, { confidence: 'medium' })
    }
    return finding('table-filtered', message('table-filtered', {}), message('table-filtered.detail', { rows }), lines)
  },
}

/** Pages were turned into bytes with a guess. */
export const pageSizeAssumed: FindingRule = {
  codes: ['page-size-assumed'],
  tells: 'check',
  find(_facts, { main }) {
    const usesPages = main?.report.tasks || main?.report.memory?.ramPages
    if (!main || !usesPages || main.pageSizeFrom !== 'assumed') return null
    const detail = message('page-size-assumed.detail', {})
    return finding('page-size-assumed', message('page-size-assumed', {}), detail, [firstLine(main)])
  },
}
