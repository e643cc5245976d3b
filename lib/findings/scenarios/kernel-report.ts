import { type Machine, type Process, residentShare, type State } from '@/lib/findings/scenarios/machine'
import type { Random } from '@/lib/findings/scenarios/random'

/** Kernels whose reports differ: since 6.8 the dump splits what is resident. */
export const KERNELS = ['5.15.0-91-generic', '6.1.0-18-amd64', '6.8.0-45-generic'] as const
export type Kernel = (typeof KERNELS)[number]

interface ZoneText {
  name: string
  presentKib: number
  managedKib: number
  minKib: number
  freeKib: number
  blocks: string
}

/**
 * The report of a whole machine as a kernel since 5.15 prints it, one message a line, without envelope.
 *
 * @see Linux mm/oom_kill.c, dump_header(); mm/show_mem.c; dump_tasks()
 */
export function writeGlobalReport(
  machine: Machine,
  state: State,
  victim: Process,
  kernel: Kernel,
  random: Random,
): string[] {
  const invoker = random.pick(['nginx', 'kworker/u8:3', 'rsyslogd'])
  const zones = zonesOf(machine, random)
  const pages = (mib: number) => Math.round(mib * 256)
  const anonLru = pages(state.anon + state.demand.shmemMib)
  const free = zones.reduce((sum, zone) => sum + zone.freeKib, 0) / 4
  const file = pages(state.file)
  const { shmemMib, slabMib } = state.demand
  return [
    `${invoker} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`,
    `CPU: ${random.whole(0, 3)} PID: ${random.whole(900, 4000)} Comm: ${invoker} Not tainted ${kernel} #1`,
    'Call Trace:',
    ' <TASK>',
    ' dump_stack_lvl+0x48/0x70',
    ' dump_header+0x4c/0x2b0',
    ' oom_kill_process+0x107/0x1d0',
    ' </TASK>',
    'Mem-Info:',
    `active_anon:${Math.floor(anonLru * 0.3)} inactive_anon:${anonLru - Math.floor(anonLru * 0.3)} isolated_anon:0`,
    ` active_file:${Math.floor(file * 0.4)} inactive_file:${file - Math.floor(file * 0.4)} isolated_file:0`,
    ' unevictable:0 dirty:0 writeback:0',
    ` slab_reclaimable:${pages(state.slabReclaimable)} slab_unreclaimable:${pages(slabMib)}`,
    ` mapped:${Math.floor(file * 0.6)} shmem:${pages(shmemMib)} pagetables:${pages(state.pageTables)} bounce:0`,
    ' kernel_misc_reclaimable:0',
    ` free:${free} free_pcp:0 free_cma:0`,
    nodeLine(state, anonLru, file, pages(shmemMib)),
    ...zones.flatMap((zone, index) => [zoneLine(zone), reserveLine(zones, index)]),
    ...zones.map(({ name, blocks }) => `Node 0 ${name}: ${blocks}`),
    'Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB',
    `${file + pages(shmemMib) + 12} total pagecache pages`,
    `${state.swapUsed > 0 ? 12 : 0} pages in swap cache`,
    `Free swap  = ${Math.round((machine.swapMib - state.swapUsed) * 1024)}kB`,
    `Total swap = ${Math.round(machine.swapMib * 1024)}kB`,
    `${zones.reduce((sum, zone) => sum + zone.presentKib, 0) / 4} pages RAM`,
    '0 pages HighMem/MovableOnly',
    `${zones.reduce((sum, zone) => sum + zone.presentKib - zone.managedKib, 0) / 4} pages reserved`,
    '0 pages hwpoisoned',
    ...(slabMib > machine.ramMib * 0.2 ? slabInfo(slabMib) : []),
    ...writeTasks(state, kernel),
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/${victim.comm}.service,task=${victim.comm},pid=${victim.pid},uid=${victim.uid}`,
    `Out of memory: ${killed(victim, residentShare(state))}`,
  ]
}

/**
 * The report of a group (cgroup v2) at its limit.
 *
 * @see Linux mm/memcontrol.c, mem_cgroup_print_oom_meminfo()
 */
export function writeMemcgReport(
  limitMib: number,
  path: string,
  state: State,
  victim: Process,
  kernel: Kernel,
  random: Random,
): string[] {
  const limitKib = limitMib * 1024
  const anon = Math.round(state.anon * 1024 * 1024)
  return [
    `${victim.comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${victim.oomScoreAdj}`,
    `CPU: ${random.whole(0, 3)} PID: ${victim.pid} Comm: ${victim.comm} Not tainted ${kernel} #1`,
    'Call Trace:',
    ' mem_cgroup_out_of_memory+0x131/0x150',
    ' try_charge_memcg+0x6d5/0x7f0',
    `memory: usage ${limitKib}kB, limit ${limitKib}kB, failcnt ${random.whole(40, 9000)}`,
    'swap: usage 0kB, limit 0kB, failcnt 0',
    `Memory cgroup stats for ${path}:`,
    `anon ${anon}`,
    `file ${Math.round(limitMib * 1024 * 1024 * 0.01)}`,
    `kernel ${Math.round(limitMib * 1024 * 1024 * 0.02)}`,
    'shmem 0',
    'slab_reclaimable 401000',
    'slab_unreclaimable 702000',
    'pgfault 910022',
    'pgmajfault 31',
    ...writeTasks(state, kernel),
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=${victim.comm},pid=${victim.pid},uid=${victim.uid}`,
    `Memory cgroup out of memory: ${killed(victim, 1)}`,
  ]
}

/** A machine of 2.6.9 (RHEL 4): no task dump, no name of who asked, swap free without its total. */
export function writeOldReport(machine: Machine, state: State, victim: Process, random: Random): string[] {
  const ramKib = machine.ramMib * 1024
  const [dmaKib, normalKib] = [16_384, ramKib - 16_384]
  const minKib = Math.round(Math.sqrt(ramKib * 16) / 4) * 2
  const dma = blocksOf(12_292)
  const normal = blocksOf(minKib - 4 * random.whole(1, 6))
  const pages = (mib: number) => Math.round(mib * 256)
  const mapped = pages(state.anon)
  return [
    'oom-killer: gfp_mask=0x1d2',
    'Mem-info:',
    'DMA per-cpu:',
    'cpu 0 hot: low 2, high 6, batch 1',
    'cpu 0 cold: low 0, high 2, batch 1',
    'Normal per-cpu:',
    'cpu 0 hot: low 30, high 90, batch 15',
    'cpu 0 cold: low 0, high 30, batch 15',
    'HighMem per-cpu: empty',
    `Free pages: ${dma.kib + normal.kib}kB (0kB HighMem)`,
    `Active:${Math.floor(mapped * 0.06)} inactive:${Math.floor(mapped * 0.94) + pages(state.file)} dirty:0 writeback:0 unstable:0 free:${(dma.kib + normal.kib) / 4} slab:${pages(state.demand.slabMib + state.slabReclaimable)} mapped:${mapped} pagetables:${pages(state.pageTables)}`,
    `DMA free:${dma.kib}kB min:28kB low:56kB high:84kB active:0kB inactive:0kB present:${dmaKib}kB pages_scanned:5855 all_unreclaimable? yes`,
    'protections[]: 0 0 0',
    `Normal free:${normal.kib}kB min:${minKib}kB low:${minKib * 2}kB high:${minKib * 3}kB active:${Math.floor(mapped * 0.24)}kB inactive:${Math.floor(mapped * 3.7)}kB present:${normalKib}kB pages_scanned:${random.whole(200_000, 400_000)} all_unreclaimable? yes`,
    'protections[]: 0 0 0',
    `DMA: ${dma.text}`,
    `Normal: ${normal.text}`,
    'HighMem: empty',
    `Swap cache: add ${random.whole(900_000, 1_500_000)}, delete ${random.whole(800_000, 900_000)}, find 125058/321941, race 0+12`,
    `Free swap: ${Math.round((machine.swapMib - state.swapUsed) * 1024)}kB`,
    `${ramKib / 4} pages of RAM`,
    '0 pages of HIGHMEM',
    '1927 reserved pages',
    '2951 pages shared',
    '1 pages swap cached',
    `Out of Memory: Killed process ${victim.pid} (${victim.comm}).`,
  ]
}

function writeTasks(state: State, kernel: Kernel): string[] {
  const isSplit = kernel.startsWith('6.8')
  const columns = isSplit
    ? '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name'
    : '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
  const resident = residentShare(state)
  const swapped = state.swapUsed / Math.max(1, state.anon + state.swapUsed + state.missing)
  const cell = (value: number, width: number) => String(value).padStart(width)
  const rows = state.demand.processes.map(({ pid, uid, comm, wantsMib, oomScoreAdj }) => {
    const rss = Math.round(wantsMib * resident * 256)
    const split = isSplit ? ` ${cell(rss, 8)} ${cell(0, 8)} ${cell(0, 9)}` : ''
    const tables = Math.ceil(wantsMib / 400 + 0.1) * 4096 * 12
    const swapents = Math.round(wantsMib * swapped * 256)
    return `[${cell(pid, 7)}] ${cell(uid, 5)} ${cell(pid, 5)} ${cell(Math.round(wantsMib * 340), 8)} ${cell(rss, 8)}${split} ${cell(tables, 8)} ${cell(swapents, 8)}         ${cell(oomScoreAdj, 5)} ${comm}`
  })
  return ['Tasks state (memory values in pages):', columns, ...rows]
}

function killed({ pid, comm, uid, wantsMib, oomScoreAdj }: Process, resident: number): string {
  const anon = Math.round(wantsMib * resident * 256) * 4
  return `Killed process ${pid} (${comm}) total-vm:${Math.round(wantsMib * 1360)}kB, anon-rss:${anon}kB, file-rss:0kB, shmem-rss:0kB, UID:${uid} pgtables:${Math.ceil(wantsMib / 400 + 0.1) * 48}kB oom_score_adj:${oomScoreAdj}`
}

function zonesOf({ ramMib }: Machine, random: Random): ZoneText[] {
  const managed = Math.round(ramMib * 1024)
  const dma32 = Math.min(managed - 15_360, 3 * 1024 * 1024)
  const normal = managed - 15_360 - dma32
  const zones: [string, number, number][] = [
    ['DMA', 15_360, 632],
    ['DMA32', dma32, 92_000],
    ...(normal > 0 ? [['Normal', normal, Math.round(normal * 0.005) * 4] as [string, number, number]] : []),
  ]
  return zones.map(([name, managedKib, reservedKib]) => {
    const minKib = Math.round((managedKib * 0.012) / 4) * 4
    // The lowest zone is kept back from such requests by its reserve.
    const free = blocksOf(name === 'DMA' ? 15_360 : minKib - 4 * random.whole(20, 200))
    return { name, managedKib, presentKib: managedKib + reservedKib, minKib, freeKib: free.kib, blocks: free.text }
  })
}

function zoneLine({ name, presentKib, managedKib, minKib, freeKib }: ZoneText): string {
  const rest = 'active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB'
  const marks = `min:${minKib}kB low:${Math.round(minKib * 1.25)}kB high:${Math.round(minKib * 1.5)}kB`
  return `Node 0 ${name} free:${freeKib}kB ${marks} reserved_highatomic:0KB ${rest} present:${presentKib}kB managed:${managedKib}kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB`
}

function reserveLine(zones: readonly ZoneText[], index: number): string {
  const above = zones.map((_, other) =>
    zones.slice(index + 1, other + 1).reduce((sum, zone) => sum + Math.floor(zone.managedKib / 1024), 0),
  )
  const last = above.at(-1) ?? 0
  return `lowmem_reserve[]: ${[...above, last, last].slice(0, 5).join(' ')}`
}

function nodeLine(state: State, anonPages: number, filePages: number, shmemPages: number): string {
  const active = Math.floor(anonPages * 0.3)
  const activeFile = Math.floor(filePages * 0.4)
  return `Node 0 active_anon:${active * 4}kB inactive_anon:${(anonPages - active) * 4}kB active_file:${activeFile * 4}kB inactive_file:${(filePages - activeFile) * 4}kB unevictable:0kB isolated(anon):0kB isolated(file):0kB mapped:${Math.floor(filePages * 0.6) * 4}kB dirty:0kB writeback:0kB shmem:${shmemPages * 4}kB shmem_thp:0kB shmem_pmdmapped:0kB anon_thp:0kB writeback_tmp:0kB kernel_stack:${Math.round(state.kernelStack * 1024)}kB pagetables:${Math.round(state.pageTables * 256) * 4}kB all_unreclaimable? yes`
}

function slabInfo(slabMib: number): string[] {
  const row = (name: string, kib: number) =>
    `${name.padEnd(20)} ${String(kib).padStart(10)}KB ${String(kib + 400).padStart(10)}KB`
  return [
    'Unreclaimable slab info:',
    'Name                      Used          Total',
    row('kmalloc-512', Math.round(slabMib * 1024 * 0.9)),
    row('dentry', Math.round(slabMib * 1024 * 0.05)),
  ]
}

/** Free blocks by size that add up to at most `kib`; what is asked for in whole pages is met. */
function blocksOf(kib: number): { kib: number; text: string } {
  const sizes = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
  let left = kib
  const counts = [...sizes].reverse().map((size) => {
    const count = Math.floor(left / size)
    left -= count * size
    return { size, count }
  })
  const text = counts.reverse().map(({ size, count }) => `${count}*${size}kB`)
  return { kib: kib - left, text: `${text.join(' ')} = ${kib - left}kB` }
}
