import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createRedactor } from '@/lib/text/redact'
import { visibleText } from '@/lib/text/visible'

const MAX_SHAPES = 40

/**
 * What a person can send to those who maintain oomscope, so that a format is read next time: lines that look like memory
 * trouble and were not understood, by shape, with host names, addresses, users and paths as aliases. Null without any.
 */
export function formatReport(
  files: readonly Pick<FileAnalysis, 'shapes' | 'hosts' | 'host' | 'envelope' | 'kernel' | 'account'>[],
): string | null {
  const telling = files.filter(({ shapes }) => shapes.length > 0)
  if (telling.length === 0) return null
  const redactor = createRedactor()
  for (const { hosts, host, kernel } of telling) {
    for (const name of [host, ...hosts.map((named) => named.host)]) {
      if (name === null) continue
      redactor.insist('host', name)
      // Messages call a machine by the first part of its full name.
      const [short] = name.split('.')
      if (short && /[a-z]/i.test(short)) redactor.insist('host', short)
    }
    if (kernel !== null) redactor.keep(kernel)
  }
  const shapes = telling.flatMap((file) => file.shapes.map((shape) => ({ ...shape, file })))
  for (const { shape } of shapes) redactor.survey(shape)
  const lines = shapes
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_SHAPES)
    .map(({ shape, count }) => `${count} × ${visibleText(redactor.redactProse(shape))}`)
  const about = telling.map(({ envelope, kernel, account }) =>
    [`lines carried as ${envelope ?? 'unknown'}`, kernel && `kernel ${kernel}`, `${account.suspicious} not understood`]
      .filter(Boolean)
      .join(', '),
  )
  return ['Lines oomscope did not understand (digits as N, names replaced):', ...new Set(about), '', ...lines].join(
    '\n',
  )
}
