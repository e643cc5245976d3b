import { gapMs } from '@/lib/logs/dating'
import type { KillRecord } from '@/lib/oom/facts'
import { type Entry, isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

// "lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999," and further lines that say why
const KILLING = /^lowmemorykiller: Killing '(.*?)' \((\d{1,10})\)(?: \(tgid (\d{1,10})\))?, (.*)$/
// "send sigkill to 2846 (d.process.media), adj 12, size 3411" (before 3.x), "send sigkill to 'd.process.media' (2846), adj 12, size 3411"
const SIGKILL =
  /^(?:lowmem_shrink: |lowmemorykiller: )?send sigkill to (?:(\d{1,10}) \((.*?)\)|'(.*?)' \((\d{1,10})\)), (.*)$/
const SELECT = /^(?:lowmem_shrink|lowmemorykiller):? .*select .* to kill$/
const BECAUSE =
  /^(?:to free \d+kB|cache \d+kB is below|Free memory is -?\d+kB|Free CMA is|Total (?:reserve|free pages|file cache|zcache|Slab) |Slab |GFP mask is|is_kswapd)/
// "Kill 'com.app' (24017), uid 10123, oom_score_adj 0 to free 4963256kB rss, 0kB swap; reason: min watermark is breached even after kill"
const LMKD =
  /^(?:lowmemorykiller: |lmkd: )?Kill(?:ing)? '(.*?)' \((\d{1,10})\)(?:, uid (\d{1,10}))?,? ?(?:oom_score_adj|adj|oom_adj) ?(-?\d{1,5})(.*)$/
const DAEMON_ASIDE =
  /^(?:to free \d+kB because |Reclaimed |Suppressed \d+ failed kill|Failed to |No processes? (?:to kill|found)|Using |Process (?:group )?type)/
const LMKD_TAGS = new Set(['lowmemorykiller', 'lmkd'])

/** Android: the kernel's lowmemorykiller driver and the daemon that replaced it. */
export const android: OomSource = {
  name: 'android',
  sample: "lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999,",
  open(facts): OomReader {
    /** The last kill of a host, to which the lines of the same printk belong that say why. */
    const open = new Map<string, KillRecord>()
    return {
      read(entry) {
        const text = entry.message.trim()
        const isKernel = isKernelVoice(entry)
        const isDaemon = entry.program !== null && LMKD_TAGS.has(entry.program)
        if (!isKernel && !isDaemon) return null
        const daemon = LMKD.exec(text)
        const isReason = daemon?.[5]?.includes('to free')
        if (daemon && (isDaemon || text.startsWith('lmkd:') || isReason)) {
          const reason = /reason: (.*)$/.exec(daemon[5] ?? '')
          facts.addKill(entry, 'lmkd', {
            pid: Number(daemon[2]),
            comm: daemon[1] ?? null,
            uid: daemon[3] === undefined ? null : Number(daemon[3]),
            oomScoreAdj: Number(daemon[4]),
            reason: reason?.[1] ?? null,
          })
          return 'recognised'
        }
        if (isDaemon && DAEMON_ASIDE.test(text)) return 'context'
        if (!isKernel) return null
        const killing = KILLING.exec(text)
        if (killing) {
          const record = facts.addKill(entry, 'lowmemorykiller', {
            pid: Number(killing[2]),
            comm: killing[1] ?? null,
            oomScoreAdj: scoreAdjOf(killing[4] ?? ''),
          })
          open.set(entry.bootKey, record)
          return 'recognised'
        }
        const sigkill = SIGKILL.exec(text)
        if (sigkill) {
          facts.addKill(entry, 'lowmemorykiller', {
            pid: Number(sigkill[1] ?? sigkill[4]),
            comm: sigkill[2] ?? sigkill[3] ?? null,
            oomScoreAdj: scoreAdjOf(sigkill[5] ?? ''),
          })
          return 'recognised'
        }
        const record = open.get(entry.bootKey)
        if (record && isSamePrintk(record, entry) && BECAUSE.test(text)) {
          record.kill.reason = record.kill.reason === null ? text : `${record.kill.reason} ${text}`
          record.kill.lines.to = Math.max(record.kill.lines.to, entry.to)
          const behalf = /on behalf of '(.*?)' \((\d{1,10})\)/.exec(text)
          if (behalf) record.kill.invoker = { comm: behalf[1] ?? null, pid: Number(behalf[2]) }
          const mask = /GFP mask is (0x[\da-f]{1,16})/.exec(text)
          if (mask) record.kill.gfpMask = mask[1] ?? null
          return 'recognised'
        }
        return SELECT.test(text) ? 'context' : null
      },
    }
  },
}

/** Before 3.x "adj" is oom_adj (−17 to 15), later oom_score_adj (−1000 to 1000), and nothing else tells them apart. */
function scoreAdjOf(text: string): number | null {
  const named = /score_adj (-?\d{1,5})/.exec(text)
  if (named) return Number(named[1])
  const adj = Number(/\badj (-?\d{1,5})/.exec(text)?.[1] ?? Number.NaN)
  return adj > 15 || adj < -17 ? adj : null
}

/** One printk has one stamp; without clocks, lines that follow each other closely. */
function isSamePrintk(record: KillRecord, entry: Entry): boolean {
  const gap = gapMs(record.moment, entry.moment)
  return gap === null ? entry.from - record.kill.lines.to <= 1 : Math.abs(gap) < 10
}
