/** Fills that read without colour: each holds its ground and its marks. Once a page, before the first chart. */
export function ChartPatterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v7" className="hatchline" />
        </pattern>
        <pattern id="fill-shmem" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" fill="var(--color-mem-shmem)" />
          <circle cx="1.5" cy="1.5" r=".9" fill="var(--color-paper)" fillOpacity=".75" />
        </pattern>
        <pattern id="fill-slab" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--color-mem-slab)" />
          <path d="M0 0v5" stroke="var(--color-paper)" strokeOpacity=".42" />
        </pattern>
        <pattern id="fill-tables" width="4" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" fill="var(--color-mem-tables)" />
          <path d="M0 2h4" stroke="var(--color-paper)" strokeWidth=".9" strokeOpacity=".5" />
        </pattern>
        <pattern id="fill-cache" width="8" height="8" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" fill="var(--color-mem-cache)" />
          <circle cx="2" cy="2" r=".7" fill="var(--color-ink)" fillOpacity=".28" />
          <circle cx="6" cy="6" r=".7" fill="var(--color-ink)" fillOpacity=".28" />
        </pattern>
        <pattern id="fill-other" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" fill="var(--color-sunk)" />
          <path d="M0 0v6" stroke="var(--color-line-strong)" strokeWidth="1.2" />
        </pattern>
        <pattern id="fill-lru" width="8" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" fill="var(--color-mem-anon)" />
          <rect x="4" width="4" height="4" fill="var(--color-mem-cache)" />
        </pattern>
        <pattern id="fill-out" width="3" height="3" patternUnits="userSpaceOnUse">
          <rect width="3" height="3" fill="var(--color-swap)" />
          <path d="M0 1h3" stroke="var(--color-paper)" strokeWidth="1.4" />
        </pattern>
      </defs>
    </svg>
  )
}

const FILLS: Record<string, string> = {
  anon: 'var(--color-mem-anon)',
  used: 'var(--color-mem-anon)',
  lru: 'url(#fill-lru)',
  shmem: 'url(#fill-shmem)',
  slab: 'url(#fill-slab)',
  tables: 'url(#fill-tables)',
  other: 'url(#fill-other)',
  reserved: 'var(--color-sunk)',
  buffers: 'var(--color-mem-buffers)',
  cache: 'url(#fill-cache)',
  free: 'var(--color-mem-free)',
  in: 'var(--color-ink-2)',
  out: 'url(#fill-out)',
  some: 'var(--color-psi-some)',
  full: 'var(--color-psi-full)',
  faults: 'var(--color-psi-full)',
  stalls: 'var(--color-psi-some)',
}

/** The fill of a series; of all swap in use for anything else. */
export function fillOf(key: string): string {
  return FILLS[key] ?? 'var(--color-swap)'
}

/** The legend's sample of a series. */
export function Swatch({ of }: { of: string }) {
  return (
    <svg viewBox="0 0 14 10" className="plot" aria-hidden="true">
      {of === 'available' ? <path className="trace" d="M0 5h14" /> : <rect width="14" height="10" fill={fillOf(of)} />}
      {of === 'free' && <rect x=".5" y=".5" width="13" height="9" fill="none" stroke="var(--color-line)" />}
    </svg>
  )
}
