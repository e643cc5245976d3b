const ANSI = /\x1b(?:\[[\d;?]{0,16}[A-Za-z]|[()][AB012])/g
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g
const QUOTE = /^(?: {0,3}(?:> ?)+)/
// logwatch: "    1 Time(s): Killed process 1968 (x)", "   WARNING:  Killed process 1968 (x): 1 Time(s)"
const LOGWATCH =
  /^\s{0,12}\d{1,6} Time\(s\): |^\s{1,12}(?:WARNING|ERROR): {1,4}(?=.* Time\(s\)$)|(?:\.{3})?: {1,3}\d{1,6} Time\(s\)$/g
const ENTITY = /&(?:[a-z]{2,6}|#\d{2,6}|#x[\da-f]{2,5});/gi
const ENTITIES: Record<string, string> = { gt: '>', lt: '<', amp: '&', quot: '"', apos: "'", nbsp: ' ' }
// "<pre>", "</code></pre>", "<span class=…>": what pages put around a log; the kernel's own "<TASK>" and "<4>" are none of these
const TAG =
  /<\/?(?:pre|code|samp|tt|p|div|span|td|tr|table|tbody|li|ul|ol|blockquote|font|strong|em)(?: [^<>]{0,300})?>/g
const LINE_BREAK = /<br ?\/?>/g
/** A byte order mark, and joiners that web pages leave at the start of a line. */
const INVISIBLE = /^[\ufeff\u200b-\u200d\u2060]+/
/** Blanks that a page has made unbreakable: beside another one, where they only align columns. */
const WIDE_BLANKS = /[\u00a0\u2007\u202f](?=\s)|(?<=\s|^)[\u00a0\u2007\u202f]/g
const EVERY_WIDE_BLANK = /[\u00a0\u2007\u202f]/g
/** Mailers break quoted-printable at 76 characters; shorter lines that end in "=" are text. */
const MIN_SOFT_BREAK = 50

// "3*4096kB (M) =": a buddy list before its sum, broken by a mailer; in quoted-printable it would end in "=3D"
const BUDDY_SUM = /\dkB (?:\([A-Z]{1,8}\) )?=$/

/** Removes what a terminal, a mailer or a web page has put around or into a line of a log. CR stands where it was several. */
export function cleanLine(raw: string): string {
  let line = INVISIBLE.test(raw) ? raw.replace(INVISIBLE, '') : raw
  if (line.includes('\x1b')) line = line.replace(ANSI, '')
  CONTROL.lastIndex = 0
  if (CONTROL.test(line)) line = line.replace(CONTROL, '')
  const first = line.charCodeAt(0)
  // '>' or up to three spaces before it
  if (first === 62 || (first === 32 && /^ {1,3}>/.test(line))) line = line.replace(QUOTE, '')
  if (line.includes(' Time(s)')) line = line.replace(LOGWATCH, '')
  if (line.includes('<'))
    line = line
      .replace(/<br ?\/?>$/, '')
      .replace(LINE_BREAK, '\r')
      .replace(TAG, '')
  if (line.includes('&') && line.includes(';')) line = line.replace(ENTITY, decodeEntity)
  if (line.includes('\t')) line = line.replaceAll('\t', ' ')
  return plainBlanks(line)
}

function plainBlanks(line: string): string {
  if (!/[\u00a0\u2007\u202f]/.test(line)) return line
  return line.replace(line.includes(' ') ? WIDE_BLANKS : EVERY_WIDE_BLANK, ' ')
}

function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1)
  if (name[0] !== '#') return ENTITIES[name.toLowerCase()] ?? entity
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  // Controls stay as they are written: they are not text.
  return code === 160 ? ' ' : code >= 32 && code < 0xd800 ? String.fromCharCode(code) : entity
}

/** True when quoted-printable breaks the line here: the next line continues it. */
export function isSoftBreak(line: string): boolean {
  return line.endsWith('=') && line.length >= MIN_SOFT_BREAK && line.length <= 78
}

/** Undoes quoted-printable in a whole line; what is no UTF-8 stays as it is written. */
export function undoQuotedPrintable(line: string): string {
  if (!line.includes('=')) return line
  return plainBlanks(line.replace(/(?:=[\dA-F]{2})+/g, decodeBytes))
}

function decodeBytes(coded: string): string {
  const bytes = Uint8Array.from(coded.slice(1).split('='), (hex) => Number.parseInt(hex, 16))
  if (bytes.some((byte) => byte < 32 && byte !== 9)) return coded
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return coded
  }
}

/** True when a line shows that the text is quoted-printable. */
export function isQuotedPrintable(line: string): boolean {
  return line.includes('=3D') || line.endsWith('=20') || (isSoftBreak(line) && !BUDDY_SUM.test(line))
}
