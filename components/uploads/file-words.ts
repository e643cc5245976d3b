import type { Preview } from '@/lib/analysis/preview'
import { visibleText } from '@/lib/text/visible'
import { formatCount } from '@/lib/units'

const KINDS: Record<Preview['kind'], string> = {
  log: 'log',
  samples: 'samples',
  snapshot: 'one instant',
  'unsupported-binary': 'binary, cannot be read as it is',
  unknown: 'not recognised',
}

/** "rfc3164 log, host mail" */
export function fileWords({
  kind,
  envelope,
  host,
  hosts,
}: Pick<Preview, 'kind' | 'envelope' | 'host' | 'hosts'>): string {
  const carried = envelope ? `${envelope} ${KINDS[kind]}` : KINDS[kind]
  const more = hosts.length > 1 ? ` and ${hosts.length - 1} more` : ''
  return host ? `${carried}, host ${visibleText(host)}${more}` : carried
}

/** "1 OOM report, 4 kills: mysqld, httpd ×2, smtp" */
export function foundWords(
  preview: Pick<Preview, 'reports' | 'kills' | 'samples' | 'processes' | 'victims' | 'account' | 'warnings'>,
): string {
  const parts: string[] = []
  if (preview.reports > 0)
    parts.push(`${formatCount(preview.reports)} OOM ${preview.reports === 1 ? 'report' : 'reports'}`)
  if (preview.kills > 0)
    parts.push(
      `${formatCount(preview.kills)} ${preview.kills === 1 ? 'kill' : 'kills'}: ${victimWords(preview.victims)}`,
    )
  if (preview.samples > 0) parts.push(`${formatCount(preview.samples)} samples`)
  if (preview.processes > 0) parts.push(`${formatCount(preview.processes)} processes`)
  const { suspicious } = preview.account
  if (suspicious > 0) parts.push(`${formatCount(suspicious)} lines look like memory trouble but are not understood`)
  if (parts.length > 0) return parts.join(', ')
  return preview.warnings[0]?.detail ?? 'Nothing about memory was found in it.'
}

function victimWords(victims: Preview['victims']): string {
  const named = victims.slice(0, 4).map(({ comm, kills }) => `${visibleText(comm)}${kills > 1 ? ` ×${kills}` : ''}`)
  return victims.length > 4 ? `${named.join(', ')} and ${victims.length - 4} more` : named.join(', ')
}
