import type { ShareSnapshot } from '@/lib/analysis/share'

/** A snapshot as a file: everything that its page shows, with a name for the format so that programs can rely on it. */
export function shareJson(snapshot: ShareSnapshot): string {
  const { redaction = null, ...rest } = snapshot
  return `${JSON.stringify({ format: 'oomscope.incident/1', redaction, ...rest }, null, 2)}\n`
}
