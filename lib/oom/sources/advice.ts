import { isKernelLine, type OomReader, type OomSource } from '@/lib/oom/source'

interface Advice {
  knob: string
  pattern: RegExp
}

/** Settings that people paste beside a log and that do not do what they are pasted for, or that are gone. */
const ADVICE: readonly Advice[] = [
  { knob: 'vm.oom-kill', pattern: /\bvm\.oom[-_]kill\b ?=? ?\d?|\/proc\/sys\/vm\/oom-kill\b/ },
  { knob: 'oom_adj', pattern: /echo +["']?-?\d{1,2}["']? *>+ *\S*\/oom_adj\b/ },
  {
    knob: 'vm.panic_on_oom',
    pattern: /\bvm\.panic_on_oom ?= ?[12]|echo +["']?[12]["']? *>+ *\/proc\/sys\/vm\/panic_on_oom/,
  },
  {
    knob: 'vm.drop_caches',
    pattern: /echo +["']?[123]["']? *>+ *\/proc\/sys\/vm\/drop_caches|\bvm\.drop_caches ?= ?[123]/,
  },
  {
    knob: 'vm.overcommit_memory',
    pattern: /\bvm\.overcommit_memory ?= ?[12]|echo +["']?[12]["']? *>+ *\/proc\/sys\/vm\/overcommit_memory/,
  },
  {
    knob: 'vm.swappiness',
    pattern: /\bvm\.swappiness ?= ?\d{1,3}|echo +["']?\d{1,3}["']? *>+ *\/proc\/sys\/vm\/swappiness/,
  },
]

/** Advice in the text itself, for a finding to judge. */
export const advice: OomSource = {
  name: 'advice',
  sample: 'vm.oom-kill = 0',
  open(facts): OomReader {
    return {
      read(entry) {
        if (isKernelLine(entry)) return null
        const text = entry.message.slice(0, 2000)
        for (const { knob, pattern } of ADVICE) {
          const match = pattern.exec(text)
          if (!match) continue
          // A remark below a log was not written when the last line of the log was.
          const said =
            entry.format === 'bare' ? { ...entry, stamp: () => ({ text: null, at: null, uptimeSeconds: null }) } : entry
          facts.addEvent(said, 'obsolete-advice', 'info', { knob, text: match[0] })
          return 'recognised'
        }
        return null
      },
    }
  },
}
