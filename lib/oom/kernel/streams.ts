import type { Draft } from '@/lib/oom/kernel/draft'
import type { Choice } from '@/lib/oom/kernel/kill-line'
import type { TaskLine } from '@/lib/oom/kernel/trigger'
import type { Entry } from '@/lib/oom/source'

/** Writers with an open report that are remembered at once; a log with more is hostile. */
const MAX_STREAMS = 256

/** What is open of one writer: a host, a boot, a task. */
export interface Stream {
  draft: Draft | null
  /** The kernel's choices, oldest first, until the lines that say whom it killed: those of two CPUs may be mixed. */
  choices: { choice: Choice; entry: Entry }[]
  /** A CPU line outside a report; with the OOM killer in its trace, the trigger of the report that follows is lost. */
  task: { line: number; told: TaskLine } | null
  isOomTrace: boolean
  /** The line by which somebody asked for the figures of memory. */
  asked: Entry | null
  /** The last line that only a starting kernel prints. */
  stage: Entry | null
}

/** The streams of one text; with too many, the one used least recently is settled and forgotten. */
export interface Streams {
  of: (key: string) => Stream
  /** Settles all. */
  end: () => void
}

/** @param settle ends what is open of a stream */
export function createStreams(settle: (stream: Stream) => void): Streams {
  const streams = new Map<string, Stream>()
  return {
    of(key) {
      let stream = streams.get(key)
      if (stream) {
        // Put behind the others: the least recently used one is first.
        streams.delete(key)
      } else {
        stream = { draft: null, choices: [], task: null, isOomTrace: false, asked: null, stage: null }
        const oldest = streams.size >= MAX_STREAMS ? streams.entries().next().value : undefined
        if (oldest) {
          settle(oldest[1])
          streams.delete(oldest[0])
        }
      }
      streams.set(key, stream)
      return stream
    },
    end() {
      for (const stream of streams.values()) settle(stream)
      streams.clear()
    },
  }
}
