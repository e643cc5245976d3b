import type { IncidentFacts, Note } from '@/lib/incidents/incident'

/** A program that a person's note names as the likely holder of the memory. */
export interface Suspect {
  comm: string
  processes: number
  note: Note
}

const NUMBERS: Record<string, number> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  dozens: 24,
}
const NUMBER = `\\d{1,5}|${Object.keys(NUMBERS).join('|')}`
// "five clamscan", "40 httpd processes"
const COUNTED = new RegExp(`\\b(${NUMBER}) ([a-z_][\\w.+/-]{1,30})( processes| procs| instances| workers)?`, 'gi')
// "clamscan x5", "httpd × 40"
const TIMES = /\b([a-z_][\w.+/-]{1,30}) ?[x×] ?(\d{1,5})\b/gi
// "clamscan processes", "the java process"
const PLAIN = /\b([a-z_][\w.+/-]{1,30}) process(?:es)?\b/gi

/** Words that a number counts in a remark about a machine and that are no program. */
const NOT_PROGRAMS = new Set(
  (
    'ms s sec secs second seconds m min mins minute minutes h hour hours day days week weeks month months year years ' +
    'time times kb kib mb mib gb gib tb tib b k g bytes pages percent cores cpus cpu kills kill killed process ' +
    'processes procs program programs service services server servers host hosts machine machines node nodes pod pods ' +
    'container containers user users people mails mail messages files file small more of other others lines line ' +
    'log logs restarts reboots boots swap ram memory the a an this that these those each all some many several new ' +
    'old stuck running big large same parent child zombie background worst single whole killer oom kernel which every'
  ).split(' '),
)
/** A remark that tells of trouble, not of who was killed. */
const TROUBLE =
  /stuck|memory|\bram\b|swap|leak|eat|hog|held|holding|using|used|grow|grew|consum|runaway|hung|hang|scanning|found|blocked|spawn|fork/i
const MISBEHAVIOUR = /stuck|hung|hang|leak|eat|hog|runaway|scanning|spawn|fork|grow|grew/i
const OF_VICTIMS = /kill|died|shot|victim/i

/** The first program that a note names together with a number, or as a process, in a remark about trouble. */
export function findSuspect(notes: readonly Note[], facts: IncidentFacts): Suspect | null {
  const victims = new Set(facts.kills.map((kill) => kill.comm))
  for (const note of notes) {
    for (const sentence of note.text.split(/[.;!?\n](?:\s|$)/)) {
      if (!TROUBLE.test(sentence)) continue
      for (const { comm, processes } of namesIn(sentence)) {
        if (victims.has(comm) && OF_VICTIMS.test(sentence)) continue
        return { comm, processes, note }
      }
    }
  }
  return null
}

function namesIn(sentence: string): { comm: string; processes: number }[] {
  // "two disks" is counted too: without the word "processes" only a remark about misbehaviour names a program.
  const counted = [...sentence.matchAll(COUNTED)]
    .filter(([, , , asProcesses]) => asProcesses !== undefined || MISBEHAVIOUR.test(sentence))
    .map(([, number, comm]) => found(comm, number))
  const times = [...sentence.matchAll(TIMES)].map(([, comm, number]) => found(comm, number))
  const plain = [...sentence.matchAll(PLAIN)].map(([, comm]) => found(comm, '1'))
  return [...counted, ...times, ...plain].filter(({ comm }) => comm !== '' && !NOT_PROGRAMS.has(comm.toLowerCase()))
}

function found(comm = '', number = ''): { comm: string; processes: number } {
  return { comm: comm.replace(/[.,/-]+$/, ''), processes: NUMBERS[number.toLowerCase()] ?? Number(number) }
}

/** A setting that a person wrote down and that does not exist, no longer works or does harm. */
export interface ObsoleteAdvice {
  knob:
    | 'vm.oom-kill'
    | 'oom_adj'
    | 'panic_on_oom'
    | 'oom_kill_allocating_task'
    | 'drop_caches'
    | 'overcommit-always'
    | 'swappiness'
  /** As written. */
  text: string
}

const KNOBS: { knob: ObsoleteAdvice['knob']; pattern: RegExp }[] = [
  {
    knob: 'vm.oom-kill',
    pattern: /vm[./]oom[-_]kill(?![\w-])(?:\s*=\s*\d+)?|echo\s+\d\s*>+\s*\/proc\/sys\/vm\/oom[-_]kill(?![\w-])/i,
  },
  { knob: 'oom_adj', pattern: /echo\s+-?\d+\s*>+\s*\/proc\/\S+\/oom_adj/i },
  { knob: 'panic_on_oom', pattern: /(?:vm[./])?panic_on_oom\s*[= ]\s*2|echo\s+2\s*>+\s*\S*panic_on_oom/i },
  {
    knob: 'oom_kill_allocating_task',
    pattern: /oom_kill_allocating_task\s*=\s*1|echo\s+1\s*>+\s*\S*oom_kill_allocating_task/i,
  },
  { knob: 'drop_caches', pattern: /echo\s+[123]\s*>+\s*\S*drop_caches|vm[./]drop_caches\s*=\s*[123]/i },
  { knob: 'swappiness', pattern: /swappiness\s*=\s*0(?!\d)|echo\s+0\s*>+\s*\S*swappiness/i },
  { knob: 'overcommit-always', pattern: /overcommit_memory\s*=\s*1|echo\s+1\s*>+\s*\S*overcommit_memory/i },
]

/** Obsolete or dangerous settings in a text, each once, in the order of the list above. */
export function findObsoleteAdvice(text: string): ObsoleteAdvice[] {
  return KNOBS.flatMap(({ knob, pattern }) => {
    const match = pattern.exec(text)
    return match ? [{ knob, text: match[0] }] : []
  })
}
