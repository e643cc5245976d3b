import type { MetricsReading } from '@/lib/metrics/formats/reading'
import type { SourceHints } from '@/lib/source'

interface BinaryFile {
  format: string
  what: string
  /** The command that turns it into text, with FILE for its name. */
  command: string
  isMine(head: Uint8Array): boolean
}

function startsWith(head: Uint8Array, ...bytes: number[]): boolean {
  return head.length >= bytes.length && bytes.every((byte, place) => head[place] === byte)
}

const BINARY_FILES: readonly BinaryFile[] = [
  {
    format: 'sysstat-sa',
    what: 'a binary file of sysstat (sa), whose layout differs between versions',
    command: 'sadf -j FILE -- -A > FILE.json',
    // sysstat sa.h, SYSSTAT_MAGIC 0xd596 in either byte order
    isMine: (head) => startsWith(head, 0x96, 0xd5) || startsWith(head, 0xd5, 0x96),
  },
  {
    format: 'atop-raw',
    what: 'a raw file of atop',
    command: 'atop -r FILE -P CPL,MEM,SWP,PAG,PSI,PRM > FILE.txt',
    // atop rawlog.h, MYMAGIC 0xfeedbeef
    isMine: (head) => startsWith(head, 0xef, 0xbe, 0xed, 0xfe) || startsWith(head, 0xfe, 0xed, 0xbe, 0xef),
  },
  {
    format: 'pcp-archive',
    what: 'an archive of Performance Co-Pilot',
    command: 'pmrep -a FILE -o csv -t 10s mem.util mem.vmstat swap > FILE.csv',
    // PCP log label: record length 132, then 0x50052600 | version, big-endian
    isMine: (head) =>
      startsWith(head, 0, 0, 0, 0x84, 0x50, 0x05, 0x26) || startsWith(head, 0, 0, 0x03, 0x30, 0x50, 0x05, 0x26),
  },
  {
    format: 'journal',
    what: 'a binary journal of systemd',
    command: 'journalctl --file FILE -o export > FILE.export',
    isMine: (head) => startsWith(head, 0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48),
  },
]

/**
 * Recognises files that only their own tool can read, and names the command that turns them into text.
 *
 * @param head the first 16 bytes or more
 * @returns null for everything else
 */
export function recogniseBinary(head: Uint8Array, hints: SourceHints): MetricsReading | null {
  const found = BINARY_FILES.find((candidate) => candidate.isMine(head))
  if (!found) return null
  const file = hints.name.split(/[/:!]/).at(-1) || 'FILE'
  const detail = `This is ${found.what}. Turn it into text where the tool is installed, and send that: ${found.command.replaceAll('FILE', file)}`
  return {
    format: found.format,
    kind: 'unsupported-binary',
    host: hints.host,
    hosts: [],
    kernel: null,
    samples: [],
    undated: [],
    processes: [],
    peak: null,
    openFiles: [],
    cgroup: null,
    boots: [],
    snapshotAt: null,
    from: null,
    to: null,
    assumed: [],
    warnings: [{ line: 0, code: 'unsupported-binary', detail }],
    lines: 0,
    recognisedLines: 0,
  }
}
