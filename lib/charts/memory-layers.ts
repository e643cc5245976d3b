import type { Sample, SampleField, Series } from '@/lib/metrics/sample'
import type { Bytes } from '@/lib/units'

export type LayerKey = 'anon' | 'used' | 'shmem' | 'slab' | 'tables' | 'other' | 'buffers' | 'cache' | 'free'

/** One kind of memory in the stack. `formula` names the fields it is made of, for the table view. */
export interface MemoryLayer {
  key: LayerKey
  label: string
  /** Set inside the area where there is room. */
  shortLabel: string
  formula: string
}

const LABELS: Record<LayerKey, { label: string; shortLabel: string }> = {
  anon: { label: 'Anonymous', shortLabel: 'anonymous' },
  used: { label: 'Used', shortLabel: 'used' },
  shmem: { label: 'Shared, tmpfs', shortLabel: 'shared' },
  slab: { label: 'Slab, fixed', shortLabel: 'slab' },
  tables: { label: 'Page tables', shortLabel: 'page tables' },
  other: { label: 'Not listed', shortLabel: 'not listed' },
  buffers: { label: 'Buffers', shortLabel: 'buffers' },
  cache: { label: 'Page cache', shortLabel: 'page cache' },
  free: { label: 'Free', shortLabel: 'free' },
}

/** A smaller rest of the total is left blank under the ceiling. */
const LEAST_REST = 0.01

/** A layer with the way to work it out; null for a sample that lacks one of its fields. */
interface Recipe extends MemoryLayer {
  read: (sample: Sample) => Bytes | null
}

/**
 * What a series can be stacked as, from the bottom: what the kernel cannot take back lies lowest. `Cached` includes
 * shared memory, which cannot be dropped, so the two are split where both are told; reclaimable slab is dropped
 * together with the page cache and drawn with it. What is left of `MemTotal` is "used" where anonymous memory is not
 * told, and "not listed" where it is.
 *
 * @returns an empty list when the series tells too little to stack anything
 * @see Linux Documentation/filesystems/proc.rst, meminfo; mm/shmem.c counts tmpfs in NR_FILE_PAGES
 */
export function memoryLayers(samples: Series): MemoryLayer[] {
  return recipes(samples).map(({ read: _, ...layer }) => layer)
}

/** Columns of the layers of `memoryLayers(samples)`, in its order; a value is null where the sample lacks a field. */
export function layerColumns(samples: Series): Map<LayerKey, (Bytes | null)[]> {
  return new Map(recipes(samples).map((recipe) => [recipe.key, samples.map(recipe.read)]))
}

function recipes(samples: Series): Recipe[] {
  const told = (field: SampleField) => isTold(samples, field)
  if (!told('memFree') && !told('memUsed')) return []

  const anon: Recipe[] = told('anonPages') ? [layer('anon', 'AnonPages', sum('anonPages'))] : []
  const isSharedSplit = told('shmem') && told('cached')
  const fixed: Recipe[] = []
  if (told('shmem')) fixed.push(layer('shmem', 'Shmem', sum('shmem')))
  if (told('sUnreclaim')) fixed.push(layer('slab', 'SUnreclaim', sum('sUnreclaim')))
  const tables = (['pageTables', 'kernelStack'] as const).filter(told)
  if (tables.length > 0) fixed.push(layer('tables', 'PageTables + KernelStack', sum(...tables)))

  const droppable: Recipe[] = []
  if (told('buffers')) droppable.push(layer('buffers', 'Buffers', sum('buffers')))
  if (told('cached')) droppable.push(pageCache(isSharedSplit, told('sReclaimable')))
  if (told('memFree')) droppable.push(layer('free', 'MemFree', sum('memFree')))

  const known = [...anon, ...fixed, ...droppable]
  if (!told('memTotal')) {
    const printed = anon.length === 0 && told('memUsed') && !told('cached')
    return printed ? [layer('used', 'used, as printed', sum('memUsed')), ...known] : known
  }
  const rest = (sample: Sample) => remainder(sample, known)
  if (anon.length === 0) {
    return [layer('used', 'MemTotal − everything below', rest), ...known]
  }
  const isWorthDrawing = samples.some((sample) => (rest(sample) ?? 0) > (sample.memTotal ?? 0) * LEAST_REST)
  const other = isWorthDrawing ? [layer('other', 'MemTotal − everything listed', rest)] : []
  return [...anon, ...fixed, ...other, ...droppable]
}

function layer(key: LayerKey, formula: string, read: Recipe['read']): Recipe {
  return { key, ...LABELS[key], formula, read }
}

function pageCache(isSharedSplit: boolean, hasReclaimable: boolean): Recipe {
  const formula = `Cached${isSharedSplit ? ' − Shmem' : ''}${hasReclaimable ? ' + SReclaimable' : ''}`
  return layer('cache', formula, (sample) => {
    const cached = sample.cached ?? null
    const shared = isSharedSplit ? (sample.shmem ?? null) : 0
    const reclaimable = hasReclaimable ? (sample.sReclaimable ?? null) : 0
    if (cached === null || shared === null || reclaimable === null) return null
    return Math.max(0, cached - shared) + reclaimable
  })
}

function remainder(sample: Sample, known: Recipe[]): Bytes | null {
  const total = sample.memTotal ?? null
  if (total === null) return null
  let left = total
  for (const recipe of known) {
    const value = recipe.read(sample)
    if (value === null) return null
    left -= value
  }
  return Math.max(0, left)
}

function sum(...fields: SampleField[]): Recipe['read'] {
  return (sample) => {
    let total = 0
    for (const field of fields) {
      const value = sample[field] ?? null
      if (value === null) return null
      total += value
    }
    return total
  }
}

/** A field counts as told when at least half of the samples have it: a few strays must not tear holes into the rest. */
export function isTold(samples: Series, field: SampleField): boolean {
  const having = samples.filter((sample) => typeof sample[field] === 'number').length
  return having > 0 && having * 2 >= samples.length
}
