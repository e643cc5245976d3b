import { isKernelLine, isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

interface Runtime {
  runtime: string
  pattern: RegExp
}

/** A language runtime hit its own limit, or was refused memory; nobody was killed by it. */
const RUNTIMES: readonly Runtime[] = [
  { runtime: 'java', pattern: /java\.lang\.OutOfMemoryError(?:: ([\w -]{1,80}))?/ },
  { runtime: 'java', pattern: /There is insufficient memory for the Java Runtime Environment to continue/ },
  { runtime: 'node', pattern: /JavaScript heap out of memory/ },
  {
    runtime: 'go',
    pattern:
      /fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)|^runtime: out of memory: cannot allocate/,
  },
  { runtime: 'python', pattern: /(?:^|\s)(?:[\w.]{1,60}\.)?_?(?:Array)?MemoryError(?::|$)/ },
  { runtime: 'php', pattern: /Allowed memory size of (\d{1,20}) bytes exhausted/ },
  { runtime: 'php', pattern: /PHP Fatal error: {1,4}Out of memory \(allocated \d{1,20}\)/ },
  { runtime: 'ruby', pattern: /(?:^|: |\] )failed to allocate memory \(NoMemoryError\)/ },
  { runtime: 'rust', pattern: /\bmemory allocation of \d{1,20} bytes failed/ },
  { runtime: 'c++', pattern: /terminate called after throwing an instance of 'std::bad_alloc'/ },
  { runtime: '.net', pattern: /System\.OutOfMemoryException/ },
]

const FORK_FAILED =
  /\bfork: (?:retry: )?(?:Cannot allocate memory|Resource temporarily unavailable)|(?:fork|vfork|clone)(?:\(\))? failed:? ?(?:\(?12\)?|Cannot allocate memory)|[Uu]nable to fork.*Cannot allocate memory|can'?t fork|Cannot fork/
const NO_MEMORY = /\bCannot allocate memory\b|\bvirtual memory exhausted\b|\bOut of memory\b(?! \(| in UB|: [Kk]ill)/

/** Runtimes and programs that say they got no memory. */
export const runtimes: OomSource = {
  name: 'runtimes',
  sample: 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
  open(facts): OomReader {
    return {
      read(entry) {
        if (isKernelLine(entry)) return null
        const text = entry.message.slice(0, 4000)
        for (const { runtime, pattern } of RUNTIMES) {
          const match = pattern.exec(text)
          if (!match) continue
          facts.addEvent(entry, 'runtime-oom', 'critical', { runtime, what: match[1] ?? null })
          return 'recognised'
        }
        if (FORK_FAILED.test(text)) {
          facts.addEvent(entry, 'fork-failed', 'sign', { program: entry.program })
          return 'recognised'
        }
        if (isKernelVoice(entry) || !NO_MEMORY.test(text)) return null
        facts.addEvent(entry, 'low-memory', 'sign', { by: entry.program })
        return 'recognised'
      },
    }
  },
}
