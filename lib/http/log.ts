import pino from 'pino'
import { env } from '@/lib/env'

/** One JSON object a line on standard output. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: { pid: process.pid },
  serializers: { error: pino.stdSerializers.err },
})

/** The path of a request for the log: without the tokens that shared links and some senders carry in it. */
export function loggedPath(url: string): string {
  return new URL(url).pathname.replace(/^\/s\/[^/]+/, '/s/…').replace(/oom_[\w-]+/g, 'oom_…')
}
