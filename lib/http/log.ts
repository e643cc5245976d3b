import pino from 'pino'
import { env } from '@/lib/env'

/** One JSON object a line on standard output. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: { pid: process.pid },
  serializers: { error: pino.stdSerializers.err },
})
