import { isPlainWord, isPublicAccount, isPublicProgram } from '@/lib/text/public-names'

/** What an alias stands for. */
export const HIDDEN_KINDS = [
  'host',
  'ip',
  'mac',
  'email',
  'user',
  'path',
  'url',
  'command',
  'program',
  'group',
  'id',
  'name',
] as const
export type HiddenKind = (typeof HIDDEN_KINDS)[number]

/** How many different originals of each kind are hidden; kinds without any are absent. */
export type HiddenCounts = Partial<Record<HiddenKind, number>>

/**
 * Puts stable aliases (`host-1`, `/path-2`) in the place of what tells whose machine it is. One redactor serves one
 * document: the same original has the same alias throughout, and two documents cannot be joined by their aliases.
 */
export interface Redactor {
  /** Hides this name wherever it stands from now on. Public programs, accounts and plain words are left alone. */
  learn(kind: 'host' | 'user' | 'program' | 'group' | 'name', name: string): void
  /** Like `learn`, for a name that must go even if it is also a common word: the host this is about. */
  insist(kind: 'host' | 'user' | 'name', name: string): void
  /** This stays as it is, like a kernel release that looks like an address. */
  keep(text: string): void
  /** Learns the accounts that the text names ("for user ada", "/home/ada"). Call it for every text before the first `redact`. */
  survey(text: string): void
  redact(text: string): string
  /** Like `redact`, for text that is not the kernel's: words in the shape of machine names ("db07") go too. */
  redactProse(text: string): string
  hidden(): HiddenCounts
}

/** A stretch of text that is settled (an alias, or kept), or not yet. */
interface Stretch {
  text: string
  isSettled: boolean
}

interface Rule {
  pattern: RegExp
  /** @returns what stands there instead; null leaves it to the rules after this one */
  replace(match: RegExpExecArray): string | null
}

/** A name this long is hidden inside longer words too. */
const LONG_NAME = 6

// "docker-4be1….scope", "kubepods-burstable-pod1f0c33aa_52b7_….slice", "nginx.service"
const UNIT_END = /\.(?:service|scope|slice|socket|mount|timer|swap|target|device)$/
const UNIT =
  /(?<![\w./@-])[\w:@\\-][\w:.@\\-]{0,250}\.(?:service|scope|slice|socket|mount|timer|swap|target|device)(?:\/[^\s"',;)\]]*)?(?![\w-])/g
const GROUP_ROOT =
  /^\/(?:(?:system|user|machine|init|kubepods|workload|background|app|session|docker|podman|libpod|lxc)[\w.@:-]*|ecs|lxc\.payload[\w.-]*|garden|actions_job|[0-9a-f]{12,64})(?:\/|$)/
const GROUP_WORDS =
  /^(?:docker|cri|containerd|crio|conmon|libpod|podman|payload|monitor|lxc|kubepods|kubelet|burstable|besteffort|guaranteed|pod|system|user|machine|init|session|app|run|background|workload|ecs|qemu|scope|slice|service|c|r|u|id|container|buildkit|garden|\d+|@\d*)$/
const LONG_ID =
  /[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|(?<![0-9a-z])(?=\d*[a-f])(?!f{8}|0000)[0-9a-f]{12,}(?![0-9a-z])/gi

// Words after "user" in English, and the end of a relative name
const NO_ACCOUNT =
  /^(?:space|process|processes|memory|mode|time|slice|data|land|level|name|id|session|sessions|tasks?|program|service|who|with|is|was|has|had|can|could|will|and|or|to|of|in|on|at|for|from|the|a|an|not|by|said|says|reports?|reported|complained|count|limits?|request|requests)$/i
const ACCOUNT =
  /\b(?:(?:invalid |for )?user(?:name)?\b[ =:]+"?|USER=|logname=|ruser=|acct="?|owned by |login |Accepted \w+ for |Failed \w+ for |\b[ug]id=\d+\()([A-Za-z_][\w.-]{1,31})\b|(?:\/home|\/Users|\/var\/(?:spool\/)?mail|\/export\/home)\/([\w.-]{2,32})|\bCRON\[\d+\]: \(([\w.-]{2,32})\)|\bsudo(?:\[\d+\])?:\s+([\w.-]{2,32}) :|(?<![\w.+-])([\w.+-]{2,64})@[\w-]+\.[\w.-]+/g

const FILE_ENDS =
  'log|conf|cfg|ini|txt|md|py|pyc|sh|bash|pl|rb|js|ts|mjs|jar|war|gz|bz2|xz|zst|tar|tgz|zip|sql|csv|json|xml|ya?ml|toml|php|cgi|html?|db|sqlite|bak|pem|key|crt|pid|sock|lock|dump|hprof|iso|img|vmdk|qcow2|service|doc|docx|xlsx?|pdf|eml|mbox'
/** Dotted words that are no machine: sysctls, cgroup files, classes of a runtime, measures. */
const NO_DOMAIN =
  /^(?:(?:vm|kernel|memory|fs|net|pids|cpu|cpuset|io|cgroup|java|javax|sun|jdk|scala|kotlin|system|oom|hugetlb|psi|mm|zone|systemd)\.|.*\.(?:max|min|high|low|events|stat|current|group|pressure|usage|limit|failcnt|swap|yes|no|kB|KiB|MiB|GiB|rpm|el\d\w*|x86|so|ko)$)/i
/** Letters, then a number: how people number their machines. */
const MACHINE = /(?<![\w.\-/])(?:[a-z][a-z0-9]*-)*[a-z]{2,}-?\d{1,4}(?![\w./-])/gi
const NO_MACHINE =
  /^(?:utc|gmt|x86|i[3-6]86|amd64|arm64|aarch64|ppc64|ipv[46]|utf-?\d+|ext[2-4]|md5|sha-?\d+|dma32|python\d*|php\d*|log4j\d*|el\d|rhel-?\d+|centos-?\d+|debian-?\d+|ubuntu-?\d+|sles-?\d+|cgroup-?v?\d|cve-\d+|http\d?|tcp\d?|udp\d?|eth\d|ens?\d+|lo\d|sd[a-z]\d+|tty\d+|cpu-?\d+|node-?\d+|pid-?\d+|uid-?\d+|order-?\d+|zone-?\d+|line-?\d+|load\d+|avg\d+|rss-?\d+|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:\d*)$/i

export function createRedactor(): Redactor {
  const aliases = new Map<string, string>()
  const counts = new Map<HiddenKind, number>()
  const learned = new Map<string, { kind: HiddenKind; name: string }>()
  const kept = new Set<string>()
  let names: RegExp | null = null

  function alias(kind: HiddenKind, original: string): string {
    const key = `${kind}\0${original.toLowerCase()}`
    const known = aliases.get(key)
    if (known !== undefined) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const made = `${kind === 'path' ? '/' : ''}${kind}-${count}`
    aliases.set(key, made)
    return made
  }

  function insist(kind: HiddenKind, name: string): void {
    const trimmed = name.trim()
    // A number alone would take figures away; where it names a machine it says nothing to others.
    if (trimmed.length < 2 || /^[\d\W_]+$/.test(trimmed)) return
    const key = trimmed.toLowerCase()
    if (learned.has(key)) return
    learned.set(key, { kind, name: trimmed })
    names = null
  }

  function learn(kind: HiddenKind, name: string): void {
    const trimmed = name.trim()
    const isPublic =
      kind === 'user'
        ? isPublicAccount(trimmed)
        : isPlainWord(trimmed) || isPublicProgram(trimmed.replace(UNIT_END, ''))
    if (isPublic) return
    if (kind === 'group') {
      for (const part of trimmed.split('/')) if (isPrivateGroup(part)) insist('group', part.replace(UNIT_END, ''))
    } else insist(kind, trimmed)
  }

  function groupPath(path: string): string {
    return path
      .split('/')
      .map((part) => {
        if (!isPrivateGroup(part)) return part.replace(LONG_ID, (id) => alias('id', shortId(id)))
        const end = UNIT_END.exec(part)?.[0] ?? ''
        return `${alias('group', part.slice(0, part.length - end.length))}${end}`
      })
      .join('/')
  }

  const hide = (kind: HiddenKind, pattern: RegExp, isNot: (text: string) => boolean = () => false): Rule => ({
    pattern,
    replace: ([text]) => (isNot(text) ? null : alias(kind, text)),
  })

  const rules: Rule[] = [
    {
      // sudo's COMMAND=…, cron's CMD (…), the kernel's "Command line: …", earlyoom's cmdline "…"
      pattern:
        /(\bCOMMAND=|\bCMD \(|\bCMDEND \(|[Cc]ommand line: ?|\b_?(?:cmdline|CMDLINE|Cmdline|cmd|args|argv|exec|execve|proctitle)"?[=:]? ?)("(?:[^"\\]|\\.)*"|(?<=[=:(] ?)[^\s"].*)/g,
      replace: ([, before = '', command = '']) => `${before}${alias('command', command)}`,
    },
    hide('url', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`]+/gi),
    {
      pattern: UNIT,
      replace: ([text]) => groupPath(text),
    },
    {
      pattern: /"(?:~|\.{1,2})?\/[^"\n]{1,4000}"|(?<![\w/.~*%<])(?:~[\w.-]*|\.{1,2})?\/[^\s"'`<>|;,(){}[\]]+/g,
      replace: ([text]) => path(text),
    },
    hide('email', /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*/g),
    {
      // "srv/billing/run.sh", not "120/240/10" and not "active/inactive"
      pattern: /(?<![\w./@-])[\w.@-]+(?:\/[\w.@-]+){2,}\/?/g,
      replace: ([text]) => (/[a-z]/i.test(text) ? alias('path', text) : null),
    },
    hide('path', new RegExp(`(?<![\\w./@-])[\\w@+-][\\w.@+-]*\\.(?:${FILE_ENDS})(?![\\w-])`, 'gi')),
    { pattern: LONG_ID, replace: ([text]) => alias('id', shortId(text)) },
    { pattern: /\bpod ([0-9a-f]{8})\b/g, replace: ([, id = '']) => `pod ${alias('id', id)}` },
    hide('mac', /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi),
    hide(
      'ip',
      /(?<![\w:])[0-9a-f:]{2,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)?(?![\w:])/gi,
      (text) => !isAddress6(text),
    ),
    hide('ip', /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g, (text) =>
      text.split('.').some((part) => Number(part) > 255),
    ),
    {
      // --password=…, image=…, "_HOSTNAME":"…"
      pattern:
        /((?:^|[\s({,;"])(?:--[a-z][\w-]*=|(?:[\w.-]*(?:host|hostname|image|pod|container|namespace|tenant|project|database|password|passwd|secret|token|client|owner|account|exe|unit)|(?:[\w.-]*[._])?(?:name|db|user|label|query))"?(?:=|: ?")))"?([^\s,;)"]+)/gi,
      replace: ([, before = '', value = '']) =>
        isPlainWord(value) || isPublicProgram(value) || /^\d/.test(value) ? null : `${before}${alias('name', value)}`,
    },
    {
      pattern: /(?<![\w.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])/gi,
      replace: ([text]) => (NO_DOMAIN.test(text) ? null : domain(text)),
    },
  ]

  function path(text: string): string | null {
    const end = /[.:!?]+"?$/.exec(text)?.[0].replace('"', '') ?? ''
    const quote = text.startsWith('"') ? '"' : ''
    const bare = quote ? text.slice(1, -1) : text.slice(0, text.length - end.length)
    const around = (inside: string) => (quote ? `"${inside}"` : `${inside}${end}`)
    if (/^\/(?:proc(?:\/(?:sys\/.*|[a-z]+|\d+\/\w+))?|dev\/(?:null|zero|shm)|sys)?$/.test(bare)) return around(bare)
    return around(GROUP_ROOT.test(bare) ? groupPath(bare) : alias('path', bare))
  }

  /** "mail.example.org" is the host "mail" when that is known. */
  function domain(text: string): string {
    const first = learned.get(text.slice(0, text.indexOf('.')).toLowerCase())
    return alias('host', first?.kind === 'host' ? first.name : text)
  }

  function nameRules(): Rule[] {
    if (learned.size === 0) return []
    names ??= new RegExp(
      [...learned.values()]
        .sort((a, b) => b.name.length - a.name.length)
        .map(({ name }) => {
          const escaped = name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
          return name.length >= LONG_NAME ? escaped : `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`
        })
        .join('|'),
      'gi',
    )
    return [
      {
        pattern: names,
        replace: ([text]) => {
          const known = learned.get(text.toLowerCase())
          return known ? alias(known.kind, known.name) : null
        },
      },
    ]
  }

  function apply(text: string, own: readonly Rule[]): string {
    let stretches: Stretch[] = keepWhole(text)
    for (const rule of own) stretches = stretches.flatMap((each) => (each.isSettled ? [each] : settle(each.text, rule)))
    return stretches.map((each) => each.text).join('')
  }

  function keepWhole(text: string): Stretch[] {
    let stretches: Stretch[] = [{ text, isSettled: false }]
    for (const literal of kept) {
      stretches = stretches.flatMap((each) =>
        each.isSettled
          ? [each]
          : each.text
              .split(literal)
              .flatMap((part, index) => [
                ...(index > 0 ? [{ text: literal, isSettled: true }] : []),
                { text: part, isSettled: false },
              ]),
      )
    }
    return stretches
  }

  const machine = hide('host', MACHINE, (text) => NO_MACHINE.test(text) || isPublicProgram(text))

  return {
    learn,
    insist,
    keep: (text) => void kept.add(text),
    survey(text) {
      for (const match of text.matchAll(ACCOUNT)) {
        const name = match.slice(1).find((group) => group !== undefined)
        if (name !== undefined && !NO_ACCOUNT.test(name)) learn('user', name)
      }
    },
    redact: (text) => apply(text, [...rules, ...nameRules()]),
    redactProse: (text) => apply(text, [...rules, ...nameRules(), machine]),
    hidden: () => Object.fromEntries(counts),
  }
}

function settle(text: string, { pattern, replace }: Rule): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    const instead = replace(match)
    if (instead === null) continue
    if (match.index > from) stretches.push({ text: text.slice(from, match.index), isSettled: false })
    stretches.push({ text: instead, isSettled: true })
    from = match.index + match[0].length
  }
  if (from < text.length) stretches.push({ text: text.slice(from), isSettled: false })
  return stretches
}

/** True when a cgroup or unit is named after something of its owner's. */
function isPrivateGroup(part: string): boolean {
  const name = part.replace(UNIT_END, '').replace(LONG_ID, 'id')
  if (name === '' || isPublicProgram(name)) return false
  return name
    .split(/[-_.:@*\\]+|(?<=pod)(?=id$)/)
    .some((word) => word !== '' && !GROUP_WORDS.test(word) && !isPublicProgram(word))
}

/** A container is named by 64 digits here and by 12 there; a pod by its first 8. */
function shortId(id: string): string {
  return /[-_]/.test(id) ? id.slice(0, 8) : id.slice(0, 12)
}

function isAddress6(text: string): boolean {
  const address = text.replace(/%.*$/, '')
  if ((address.match(/:/g)?.length ?? 0) < 2 || /:::|::.*::/.test(address)) return false
  const groups = address.split(':')
  if (groups.some((group) => group.length > 4 && !group.includes('.'))) return false
  return address.includes('::') ? /[0-9a-f]/i.test(address) && groups.length <= 8 + 1 : groups.length === 8
}
