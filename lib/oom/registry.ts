import type { OomSource } from '@/lib/oom/source'
import { kernel } from '@/lib/oom/sources/kernel'

/** Asked in this order; the first that claims a message keeps it. */
export const OOM_SOURCES: readonly OomSource[] = [kernel]
