import { HIDDEN_KINDS, type HiddenCounts, type HiddenKind } from '@/lib/text/redact'

const WORDS: Record<HiddenKind, [one: string, many: string]> = {
  host: ['host name', 'host names'],
  ip: ['address', 'addresses'],
  mac: ['hardware address', 'hardware addresses'],
  email: ['e-mail address', 'e-mail addresses'],
  user: ['user', 'users'],
  path: ['path', 'paths'],
  url: ['URL', 'URLs'],
  command: ['command line', 'command lines'],
  program: ['program', 'programs'],
  group: ['service or group', 'services or groups'],
  id: ['container or machine id', 'container or machine ids'],
  name: ['other name', 'other names'],
}

/** "1 host name and 2 paths hidden"; null when nothing is. */
export function hiddenWords(counts: HiddenCounts): string | null {
  const parts = HIDDEN_KINDS.flatMap((kind) => {
    const count = counts[kind] ?? 0
    const [one, many] = WORDS[kind]
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
  })
  const last = parts.pop()
  if (last === undefined) return null
  return `${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last} hidden`
}
