import type { Random } from '@/lib/findings/scenarios/random'
import type { ProcessList } from '@/lib/metrics/process'
import type { Sample } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** Sizes are MiB: what one process wants, whether it is in RAM or in swap. */
export interface Process {
  pid: number
  comm: string
  uid: number
  wantsMib: number
  oomScoreAdj: number
}

/** What is wanted of a machine at an instant. */
export interface Demand {
  processes: readonly Process[]
  shmemMib: number
  slabMib: number
  /** Swapped out long ago and never missed. */
  idleSwapMib?: number
}

export interface Machine {
  host: string
  ramMib: number
  swapMib: number
  /** File pages that its programs read again and again: below this it stalls. */
  workingSetMib: number
  /** Before 3.14 a kernel tells no MemAvailable, before 4.20 no pressure. */
  tells: 'everything' | 'no-available'
}

/** Where the memory is at an instant, in MiB. */
export interface State {
  demand: Demand
  free: number
  file: number
  anon: number
  swapUsed: number
  pageTables: number
  kernelStack: number
  slabReclaimable: number
  /** Wanted and nowhere to be had: the kernel kills. */
  missing: number
}

const MIB = 1024 * 1024
/** Shares of RAM: the watermark that stays free, and file pages that are always in use. */
const MIN_FREE = 0.012
const LEAST_FILE = 0.006

export function stateOf(machine: Machine, demand: Demand): State {
  const { ramMib, swapMib } = machine
  const wanted = demand.processes.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
  const pageTables = wanted / 400 + demand.processes.length * 0.1
  const kernelStack = demand.processes.length * 0.03 + 4
  const slabReclaimable = ramMib * 0.01
  const fixed = demand.shmemMib + demand.slabMib + pageTables + kernelStack + slabReclaimable
  const room = ramMib * (1 - MIN_FREE - LEAST_FILE) - fixed
  const idle = Math.min(demand.idleSwapMib ?? 0, swapMib, wanted)
  const over = Math.max(0, wanted - idle - room)
  const swapUsed = Math.min(swapMib, idle + over)
  const missing = Math.max(0, over - (swapMib - idle))
  const anon = wanted - swapUsed - missing
  const left = ramMib - fixed - anon
  const file = Math.max(ramMib * LEAST_FILE, left - ramMib * 0.03)
  return { demand, free: left - file, file, anon, swapUsed, pageTables, kernelStack, slabReclaimable, missing }
}

/** What an agent on the machine would measure. */
export function sampleOf(machine: Machine, state: State, at: EpochMs, random: Random): Sample {
  const { ramMib, swapMib, workingSetMib } = machine
  const bytes = (mib: number) => Math.round(Math.max(0, mib) * 256) * 4096
  const { shmemMib, slabMib } = state.demand
  const buffers = state.file * 0.1
  const squeezed = Math.max(0, 1 - state.file / workingSetMib)
  const wanted = state.anon + state.swapUsed + state.missing
  const isSwapping = squeezed > 0.3 && state.swapUsed > (state.demand.idleSwapMib ?? 0)
  const swapIn = isSwapping ? squeezed * ramMib * 0.001 * random.between(0.5, 1.5) : 0
  const memory: Sample = {
    at,
    memTotal: bytes(ramMib),
    memFree: bytes(state.free),
    buffers: bytes(buffers),
    cached: bytes(state.file - buffers + shmemMib),
    shmem: bytes(shmemMib),
    anonPages: bytes(state.anon),
    sReclaimable: bytes(state.slabReclaimable),
    sUnreclaim: bytes(slabMib),
    pageTables: bytes(state.pageTables),
    kernelStack: bytes(state.kernelStack),
    committedAs: bytes(wanted * 1.3 + shmemMib),
    commitLimit: bytes(swapMib + ramMib / 2),
    swapTotal: bytes(swapMib),
    swapFree: bytes(swapMib - state.swapUsed),
    swapInPerSec: Math.round(swapIn * MIB),
    swapOutPerSec: Math.round(swapIn * 1.2 * MIB),
    allocStallPerSec: squeezed > 0.6 ? Math.round(squeezed * 400 * random.between(0.5, 1.5)) : 0,
  }
  if (machine.tells === 'no-available') return memory
  const pressure = Math.min(98, 70 * squeezed ** 2 * random.between(0.6, 1.3) + random.between(0, 0.6))
  return {
    ...memory,
    memAvailable: bytes(state.free + state.file * 0.94 + state.slabReclaimable * 0.5 - ramMib * MIN_FREE * 1.25),
    psiMemSomeAvg10: Math.round(pressure * 100) / 100,
    psiMemFullAvg10: Math.round(pressure * 40) / 100,
  }
}

/** Part of a process that is in RAM: who asked for much was swapped out in equal measure. */
export function residentShare(state: State): number {
  const wanted = state.anon + state.swapUsed + state.missing
  return wanted === 0 ? 1 : state.anon / wanted
}

/** As `ps` would print it. */
export function listOf(state: State, at: EpochMs): ProcessList {
  const resident = residentShare(state)
  const swapped = state.swapUsed / Math.max(1, state.anon + state.swapUsed + state.missing)
  const rows = state.demand.processes.map(({ pid, comm, wantsMib }) => ({
    pid,
    comm,
    user: null,
    ppid: 1,
    rssKib: Math.round(wantsMib * resident * 1024),
    swapKib: Math.round(wantsMib * swapped * 1024),
    vszKib: Math.round(wantsMib * 1400),
    args: null,
  }))
  return { at, line: 2, rows }
}

/** The process that a kernel since 2.6.36 chooses: resident, swapped and page tables, plus the adjustment. */
export function victimOf(machine: Machine, state: State): Process | null {
  const all = machine.ramMib + machine.swapMib
  const points = ({ wantsMib, oomScoreAdj }: Process) => wantsMib + (oomScoreAdj * all) / 1000
  return state.demand.processes
    .filter(({ oomScoreAdj }) => oomScoreAdj > -1000)
    .reduce<Process | null>((worst, next) => (worst && points(worst) >= points(next) ? worst : next), null)
}
