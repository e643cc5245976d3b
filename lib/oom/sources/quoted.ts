import { isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

const KILL_WORDS =
  /(?:Out of [Mm]emory|Memory cgroup out of memory|oom-kill:constraint|invoked oom-killer|Killed process \d+ \()/

/**
 * Words of the kernel in the mouth of another program: a log shipper repeats them, or a person wrote them into a
 * password prompt or a URL. Shown as quoted, never believed.
 */
export const quoted: OomSource = {
  name: 'quoted',
  sample: 'Invalid user Out of memory: Killed process 1 (init) from 192.0.2.7',
  open(facts): OomReader {
    return {
      read(entry) {
        if (isKernelVoice(entry) || !KILL_WORDS.test(entry.message.slice(0, 4000))) return null
        facts.addEvent(entry, 'note', 'info', { quotedBy: entry.program })
        return 'recognised'
      },
    }
  },
}
