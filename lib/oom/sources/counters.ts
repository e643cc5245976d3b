import type { OomReader, OomSource } from '@/lib/oom/source'

// "the kernel counted 2 OOM kills (oom_kill 1 to 3) between 2026-11-24T02:42:14.822Z and 2026-11-24T02:42:29.822Z"
const COUNTED = /^the kernel counted (\d{1,9}) OOM kills? \(oom_kill \d+ to \d+\) between (\S{1,40}) and (\S{1,40})$/

/**
 * The kernel's own count of its kills (/proc/vmstat, oom_kill), as lib/ingest/counted-kills.ts writes its rise into a
 * host's stream: that something was killed is sure, what and why only the log tells.
 */
export const counters: OomSource = {
  name: 'counters',
  sample:
    'the kernel counted 2 OOM kills (oom_kill 1 to 3) between 2026-11-24T02:42:14.822Z and 2026-11-24T02:42:29.822Z',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== 'oomscope') return null
        const counted = COUNTED.exec(entry.message)
        if (!counted) return null
        const [, count, since = '', until = ''] = counted
        facts.addEvent(entry, 'kill-counted', 'critical', { count: Number(count), since, until })
        return 'recognised'
      },
    }
  },
}
