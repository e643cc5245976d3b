const ANSI = /\x1b(?:\[[\d;?]{0,16}[A-Za-z]|[()][AB012])/g
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g
const QUOTE = /^(?: {0,3}(?:> ?)+)/
// logwatch: "    1 Time(s): Killed process 1968 (x)", "   WARNING:  Killed process 1968 (x): 1 Time(s)"
const LOGWATCH = /^\s{0,12}\d{1,6} Time\(s\): |^\s{1,12}(?:WARNING|ERROR): {1,4}(?=.* Time\(s\)$)|: \d{1,6} Time\(s\)$/g
const ENTITY = /&(?:gt|lt|amp|quot|apos|nbsp|#39|#x27|#34|#160);/g
const ENTITIES: Record<string, string> = {
  '&gt;': '>',
  '&lt;': '<',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
  '&#39;': "'",
  '&#x27;': "'",
  '&#34;': '"',
  '&#160;': ' ',
}
/** Mailers break quoted-printable at 76 characters; shorter lines that end in "=" are text. */
const MIN_SOFT_BREAK = 50

// "3*4096kB (M) =": a buddy list before its sum, broken by a mailer; in quoted-printable it would end in "=3D"
const BUDDY_SUM = /\dkB (?:\([A-Z]{1,8}\) )?=$/

/** Removes what a terminal, a mailer or a web page has put around or into a line of a log. */
export function cleanLine(raw: string): string {
  let line = raw
  if (line.includes('\x1b')) line = line.replace(ANSI, '')
  CONTROL.lastIndex = 0
  if (CONTROL.test(line)) line = line.replace(CONTROL, '')
  const first = line.charCodeAt(0)
  // '>' or up to three spaces before it
  if (first === 62 || (first === 32 && /^ {1,3}>/.test(line))) line = line.replace(QUOTE, '')
  if (line.includes(' Time(s)')) line = line.replace(LOGWATCH, '')
  if (line.includes('&') && line.includes(';')) line = line.replace(ENTITY, (entity) => ENTITIES[entity] ?? entity)
  if (line.endsWith('<br>') || line.endsWith('<br/>') || line.endsWith('<br />'))
    line = line.slice(0, line.lastIndexOf('<br'))
  return line
}

/** True when quoted-printable breaks the line here: the next line continues it. */
export function isSoftBreak(line: string): boolean {
  return line.endsWith('=') && line.length >= MIN_SOFT_BREAK && line.length <= 78 && !BUDDY_SUM.test(line)
}

/** Undoes quoted-printable in a whole line; a text that only happens to hold "=3D" is told apart by nothing, and rare. */
export function undoQuotedPrintable(line: string): string {
  if (!line.includes('=')) return line
  return line.replace(/=(3D|20|09|2E|5B|5D|28|29)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** True when a line shows that the text is quoted-printable. */
export function isQuotedPrintable(line: string): boolean {
  return line.includes('=3D') || line.endsWith('=20') || isSoftBreak(line)
}
