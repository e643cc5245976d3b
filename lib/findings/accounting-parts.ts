import type { AccountingPart } from '@/lib/findings/accounting'

/** How a part of RAM is drawn and named. `key` names its fill; `term` the glossary entry that explains it. */
export interface PartFace {
  part: AccountingPart
  key: string
  label: string
  term: string | null
}

/** From the bottom of a column or the left of a bar: what is stuck comes first, what could still be had last. */
export const PART_FACES: readonly PartFace[] = [
  { part: 'reserved', key: 'reserved', label: 'Reserved at boot', term: 'reserved' },
  { part: 'processes', key: 'anon', label: 'Anonymous', term: 'anonymous memory' },
  { part: 'processes-and-files', key: 'lru', label: 'Programs and files', term: null },
  { part: 'shared', key: 'shmem', label: 'Shared, tmpfs', term: 'shared memory' },
  { part: 'unevictable', key: 'used', label: 'Unevictable', term: 'unevictable' },
  { part: 'slab-unreclaimable', key: 'slab', label: 'Slab, fixed', term: 'slab' },
  { part: 'slab', key: 'slab', label: 'Slab', term: 'slab' },
  { part: 'page-tables', key: 'tables', label: 'Page tables', term: 'page tables' },
  { part: 'kernel-stacks', key: 'tables-stacks', label: 'Kernel stacks', term: 'kernel stack' },
  { part: 'hugepages', key: 'hugepages', label: 'Huge pages', term: 'huge pages' },
  { part: 'unaccounted', key: 'other', label: 'Not accounted', term: 'not accounted' },
  { part: 'not-printed', key: 'other', label: 'Not printed', term: null },
  { part: 'slab-reclaimable', key: 'buffers', label: 'Slab, reclaimable', term: 'slab' },
  { part: 'files', key: 'cache', label: 'Page cache', term: 'page cache' },
  { part: 'free', key: 'free', label: 'Free', term: null },
]
