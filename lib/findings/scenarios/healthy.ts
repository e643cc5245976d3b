import type { Machine } from '@/lib/findings/scenarios/machine'
import { randomOf } from '@/lib/findings/scenarios/random'
import { baseOf, demand, process } from '@/lib/findings/scenarios/scenarios'
import { simulate, type Traces } from '@/lib/findings/scenarios/simulate'

/** A machine that works hard and is well: no warning may come of it, and no end may be foretold. */
export interface Healthy {
  name: string
  /** Short peaks may be watched; they are no warning. */
  mayBeWatched: boolean
  /** From when on no end may be foretold: until its habit has been seen once, the first rise of a tide is a trend. */
  knownAfterMinutes: number
  run: (seed: number) => Traces
}

const HOURS = 5

export const HEALTHY: readonly Healthy[] = [
  {
    name: 'most of the memory in steady use',
    mayBeWatched: false,
    knownAfterMinutes: 0,
    run: (seed) => steady(seed, { used: 0.8, swapped: 0 }),
  },
  {
    name: 'swap filled long ago and never missed',
    mayBeWatched: false,
    knownAfterMinutes: 0,
    run: (seed) => steady(seed, { used: 0.7, swapped: 0.97 }),
  },
  { name: 'a batch job every ten minutes', mayBeWatched: true, knownAfterMinutes: 0, run: batches },
  { name: 'a buffer pool that warms up and is full', mayBeWatched: false, knownAfterMinutes: 0, run: warmUp },
  { name: 'a day that gets busy and quiet again', mayBeWatched: false, knownAfterMinutes: 100, run: tides },
]

function steady(seed: number, { used, swapped }: { used: number; swapped: number }): Traces {
  const random = randomOf(seed)
  const machine = machineOf(seed, swapped > 0 ? 2048 : random.pick([0, 2048]))
  const base = baseOf(machine, random)
  const taken = base.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
  const idleSwapMib = machine.swapMib * swapped
  const wantsMib = machine.ramMib * used - taken + idleSwapMib
  return calm(machine, seed, () => ({
    ...demand([...base, process(3_300, 'java', wantsMib + machine.ramMib * random.between(-0.015, 0.015), 1_000)]),
    idleSwapMib,
  }))
}

function batches(seed: number): Traces {
  const random = randomOf(seed)
  const machine = machineOf(seed, random.pick([0, 2048]))
  const base = baseOf(machine, random)
  const taken = base.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
  const peak = machine.ramMib * random.between(0.8, 0.87) - taken
  return calm(machine, seed, (minute) => {
    const inTurn = minute % 10
    const share = inTurn < 3 ? inTurn / 3 : inTurn < 4 ? 1 : 0
    return share === 0 ? demand(base) : demand([...base, process(6_000, 'etl', peak * share, 1_000)])
  })
}

function warmUp(seed: number): Traces {
  const random = randomOf(seed)
  const machine = machineOf(seed, random.pick([0, 2048]))
  const base = baseOf(machine, random)
  const taken = base.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
  const full = machine.ramMib * random.between(0.68, 0.8) - taken
  const slowness = random.between(15, 60)
  return calm(machine, seed, (minute) => {
    const filled = full * (1 - Math.exp(-minute / slowness)) + machine.ramMib * random.between(0, 0.004)
    return demand([...base, process(3_306, 'mysqld', filled, 27)])
  })
}

function tides(seed: number): Traces {
  const random = randomOf(seed)
  const machine = machineOf(seed, random.pick([0, 2048]))
  const base = baseOf(machine, random)
  const taken = base.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
  const [low, high] = [machine.ramMib * 0.62 - taken, machine.ramMib * 0.8 - taken]
  const length = random.between(60, 100)
  return calm(machine, seed, (minute) => {
    const wave = (1 - Math.cos((2 * Math.PI * minute) / length)) / 2
    return demand([...base, process(3_400, 'php-fpm', low + (high - low) * wave + random.between(0, 10), 33)])
  })
}

function machineOf(seed: number, swapMib: number): Machine {
  const random = randomOf(seed + 77)
  const ramMib = random.pick([4096, 8192, 16_384])
  return { host: `calm${seed}`, ramMib, swapMib, workingSetMib: ramMib * 0.08, tells: 'everything' }
}

function calm(machine: Machine, seed: number, demandAt: (minute: number) => ReturnType<typeof demand>): Traces {
  return simulate({ machine, stepMs: 30_000, minutes: HOURS * 60, demandAt, report: () => [] }, randomOf(seed + 1))
}
