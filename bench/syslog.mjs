import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A small seeded generator (mulberry32): the same file on every machine. */
function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pick = (next, list) => list[Math.floor(next() * list.length)]
const between = (next, low, high) => low + Math.floor(next() * (high - low))

/** Lines a mail and web server writes all day; none is about memory. */
function everyday(next) {
  const pid = between(next, 400, 60_000)
  const ip = `10.${between(next, 0, 255)}.${between(next, 0, 255)}.${between(next, 1, 255)}`
  return pick(next, [
    () =>
      `sshd[${pid}]: Accepted publickey for deploy from ${ip} port ${between(next, 1024, 65535)} ssh2: ED25519 SHA256:${(next() * 1e16).toString(36)}`,
    () => `CRON[${pid}]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)`,
    () => `systemd[1]: Started session-${pid}.scope - Session ${pid} of User deploy.`,
    () => `postfix/smtpd[${pid}]: connect from unknown[${ip}]`,
    () =>
      `postfix/qmgr[${pid}]: ${between(next, 0x100000, 0xffffff).toString(16).toUpperCase()}: from=<noreply@example.org>, size=${between(next, 400, 90_000)}, nrcpt=1 (queue active)`,
    () => `nginx[${pid}]: ${ip} - - "GET /api/orders/${pid} HTTP/1.1" 200 ${between(next, 100, 9000)} "-" "curl/8.5.0"`,
    () =>
      `kernel: [${between(next, 1000, 900_000)}.${between(next, 100_000, 999_999)}] IPv6: ADDRCONF(NETDEV_CHANGE): veth${pid.toString(16)}: link becomes ready`,
    () => `dhclient[${pid}]: DHCPREQUEST for ${ip} on eth0 to 10.0.0.1 port 67`,
  ])()
}

/** A global report of the 5.x and 6.x kind with a task dump, ending in its kill line. */
function report(next) {
  const pid = between(next, 2000, 60_000)
  const comm = pick(next, ['java', 'mysqld', 'postgres', 'node', 'php-fpm', 'python3'])
  const rss = between(next, 600_000, 900_000)
  const tasks = Array.from({ length: 60 }, (_, index) => {
    const rssPages = between(next, 200, 4000)
    return `[${String(900 + index * 7).padStart(7)}]  1000 ${String(900 + index * 7).padStart(5)} ${String(rssPages * 6).padStart(8)} ${String(rssPages).padStart(8)}   ${String(rssPages * 24).padStart(8)}        0             0 ${pick(next, ['bash', 'sshd', 'nginx', 'cron', 'agetty'])}`
  })
  return [
    `${comm} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`,
    `CPU: 1 PID: ${pid} Comm: ${comm} Not tainted 6.1.0-18-amd64 #1  Debian 6.1.76-1`,
    'Call Trace:',
    ' <TASK>',
    ' dump_stack_lvl+0x44/0x5c',
    ' dump_header+0x4a/0x211',
    ' oom_kill_process.cold+0xb/0x10',
    ' out_of_memory+0x1fd/0x4c0',
    ' </TASK>',
    'Mem-Info:',
    `active_anon:${rss} inactive_anon:21030 isolated_anon:0#012 active_file:120 inactive_file:310 isolated_file:0#012 unevictable:0 dirty:0 writeback:0#012 slab_reclaimable:5120 slab_unreclaimable:9300#012 mapped:1200 shmem:900 pagetables:4100#012 sec_pagetables:0 bounce:0#012 kernel_misc_reclaimable:0#012 free:21400 free_pcp:0 free_cma:0`,
    'Node 0 DMA32 free:42100kB boost:0kB min:44800kB low:56000kB high:67200kB reserved_highatomic:0KB active_anon:2400000kB inactive_anon:60000kB active_file:100kB inactive_file:400kB unevictable:0kB writepending:0kB present:3129180kB managed:3063644kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB',
    'lowmem_reserve[]: 0 0 0 0 0',
    'Free swap  = 0kB',
    'Total swap = 1048572kB',
    '1048446 pages RAM',
    '0 pages HighMem/MovableOnly',
    '42310 pages reserved',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    ...tasks,
    `[${String(pid).padStart(7)}]  1000 ${String(pid).padStart(5)} ${String(rss * 2).padStart(8)} ${String(rss).padStart(8)}  6400000   120000             0 ${comm}`,
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/${comm}.service,task=${comm},pid=${pid},uid=1000`,
    `Out of memory: Killed process ${pid} (${comm}) total-vm:${rss * 8}kB, anon-rss:${rss * 4}kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:6250kB oom_score_adj:0`,
    `oom_reaper: reaped process ${pid} (${comm}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`,
  ]
}

/**
 * Writes an RFC 3164 log of one host over about 200 days with OOM reports spread evenly in it.
 *
 * @param {string} path file to write
 * @param {{ bytes: number, reports: number, seed?: number }} size least size, and how many reports
 * @returns {Promise<{ bytes: number, lines: number, reports: number }>} what was written
 */
export async function writeSyslog(path, { bytes, reports, seed = 20_261_124 }) {
  const next = random(seed)
  const out = createWriteStream(path)
  const start = Date.UTC(2026, 2, 1)
  const span = 200 * 86_400_000
  let written = 0
  let lines = 0
  let told = 0
  let piece = []
  let pending = 0
  while (written < bytes || told < reports) {
    const at = new Date(start + Math.floor((Math.min(written, bytes) / bytes) * span))
    const stamp = `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)} web-12 `
    const isDue = written >= ((told + 0.5) * bytes) / reports && told < reports
    const messages = isDue
      ? report(next).map((text) => `kernel: [${((at.getTime() - start) / 1000).toFixed(6)}] ${text}`)
      : [everyday(next)]
    if (isDue) told += 1
    for (const message of messages) {
      const line = `${stamp}${message}\n`
      piece.push(line)
      written += line.length
      pending += line.length
      lines += 1
    }
    if (pending > 1 << 20) {
      if (!out.write(piece.join(''))) await once(out, 'drain')
      piece = []
      pending = 0
    }
  }
  out.end(piece.join(''))
  await once(out, 'finish')
  return { bytes: written, lines, reports: told }
}
