/** The line by which a task asks for memory and gets the OOM killer instead. */
export interface Trigger {
  kind: 'oom' | 'allocation-failure'
  /** Null before 2.6.18, which prints no name. */
  comm: string | null
  /** Only OpenVZ prints it here. */
  pid: number | null
  gfpMask: string | null
  gfpFlags: string | null
  order: number | null
}

// "smbd invoked oom-killer: gfp_mask=0x1201d2, order=0, oomkilladj=0"; before 2.6.18 "oom-killer: gfp_mask=0x1d2"
const INVOKED = ' invoked oom-killer:'
const NAMELESS = /^(?:\S{1,64} login: ?)?oom-killer: ?gfp_mask=/
// OpenVZ: "2001 (httpd) invoked oom-killer in ub 101 generation 5 gfp 0x201da"
const IN_CONTAINER =
  /^(\d{1,10}) \((.{1,64})\) invoked oom-killer in ub -?\d{1,10} generation \d{1,10} gfp (0x[\da-f]{1,16})/
const MASK = /gfp_mask=(0x[\da-f]{1,16})(?:\(([A-Z_|\w]{0,300})\)?)?/i
const ORDER = /order[:=]\s?(-?\d{1,3})/
// "kswapd0: page allocation failure: order:3, mode:0x20(GFP_ATOMIC)", "failure. order:3" before 3.x
const FAILURE =
  /^(\S.{0,40}?): page allocation (?:failure|stalls for \d+ms)[.:,] ?order:(\d{1,2}), ?mode:(0x[\da-f]{1,16})(?:\(([A-Z_|\w]{0,300})\)?)?/
// "python3: vmalloc: allocation failure, allocated 4096 of 20480 bytes, mode:0xcc2(…)", "python3: vmalloc error: size 20480, page order 0, failed to allocate pages, mode:0xcc2(…)"
const VMALLOC_FAILURE =
  /^(\S.{0,40}?): vmalloc(?:: allocation failure| error: size \d{1,20}).{0,100}?, ?mode:(0x[\da-f]{1,16})(?:\(([A-Z_|\w]{0,300})\)?)?/
// 2.4: "__alloc_pages: 0-order allocation failed (gfp=0x1d2/0)"
const FAILURE_24 = /^__alloc_pages: (\d{1,2})-order allocation failed(?: \(gfp=(0x[\da-f]{1,16})\/\d+\))?/

/** Reads the trigger line of every kernel since 2.4. Null for other lines. */
export function readTrigger(message: string): Trigger | null {
  const invoked = message.indexOf(INVOKED)
  if (invoked > 0 && invoked <= 64) return asked(message.slice(0, invoked).trim(), message.slice(invoked))
  const inside = IN_CONTAINER.exec(message.length > 160 ? message.slice(0, 160) : message)
  if (inside) {
    const [, pid, comm = '', gfpMask = ''] = inside
    return { kind: 'oom', comm, pid: Number(pid), gfpMask, gfpFlags: null, order: null }
  }
  if (NAMELESS.test(message.length > 160 ? message.slice(0, 160) : message)) return asked(null, message)
  return null
}

/** Reads a failed allocation: the same Mem-Info block may follow, but nobody is killed. */
export function readAllocationFailure(message: string): Trigger | null {
  const head = message.length > 500 ? message.slice(0, 500) : message
  const match = FAILURE.exec(head)
  if (match) {
    return {
      kind: 'allocation-failure',
      comm: match[1] ?? null,
      pid: null,
      gfpMask: match[3] ?? null,
      gfpFlags: match[4] ?? null,
      order: Number(match[2]),
    }
  }
  const vmalloc = VMALLOC_FAILURE.exec(head)
  if (vmalloc) {
    const [, comm = '', gfpMask = '', gfpFlags = null] = vmalloc
    return { kind: 'allocation-failure', comm, pid: null, gfpMask, gfpFlags, order: null }
  }
  const old = FAILURE_24.exec(head)
  if (!old) return null
  return {
    kind: 'allocation-failure',
    comm: null,
    pid: null,
    gfpMask: old[2] ?? null,
    gfpFlags: null,
    order: Number(old[1]),
  }
}

function asked(comm: string | null, rest: string): Trigger {
  const mask = MASK.exec(rest)
  const order = ORDER.exec(rest)
  return {
    kind: 'oom',
    comm: comm === '' ? null : comm,
    pid: null,
    gfpMask: mask?.[1] ?? null,
    gfpFlags: mask?.[2] ?? null,
    order: order ? Number(order[1]) : null,
  }
}

/** The task on the CPU, as `dump_stack()` prints it: "CPU: 4 PID: 29481 Comm: sed Not tainted 3.10.0-514.el7.x86_64 #1". */
export interface TaskLine {
  pid: number
  comm: string
  release: string | null
}

const CPU_LINE =
  /^CPU: \d{1,5} (?:UID: \d{1,10} )?PID: (\d{1,10}) Comm: (.{1,64}?) (?:Kdump: loaded )?((?:Not t|T)ainted\b.*)$/
const PID_LINE = /^Pid: (\d{1,10}), comm: (.{1,64}?) ((?:Not t|T)ainted\b.*)$/
// "Not tainted 5.4.0-120-generic #136", "Tainted: P           OX 3.13.0 #1", "Tainted: G        W  OE    6.1.0-9"
const RELEASE = /^(?:Not tainted|Tainted:[A-Z -]{1,40}(?:, \[[^\]]{1,60}\])*) +\(?(\d\S*)/

export function readTaskLine(message: string): TaskLine | null {
  const head = message.length > 400 ? message.slice(0, 400) : message
  const match = CPU_LINE.exec(head) ?? PID_LINE.exec(head)
  if (!match) return null
  const release = RELEASE.exec(match[3] ?? '')
  return { pid: Number(match[1]), comm: (match[2] ?? '').trim(), release: release?.[1] ?? null }
}
