import type { DrawnLine } from '@/lib/charts/panel'

/** From the largest; the last is for what is no one's own. */
const TONES = [
  'var(--color-mem-anon)',
  'var(--color-mem-shmem)',
  'var(--color-mem-slab)',
  'var(--color-psi-full)',
  'var(--color-swap)',
  'var(--color-line-strong)',
]

/** Colour of a line; beyond the palette it begins anew, but for its last. */
export function toneOf(tone: number): string {
  return TONES[tone < TONES.length ? tone : tone % (TONES.length - 1)] ?? 'var(--color-ink)'
}

/** The legend's sample of a line: colour, weight and dashes. */
export function LineSwatch({ line }: { line: DrawnLine }) {
  return (
    <svg viewBox="0 0 14 10" className="plot" aria-hidden="true">
      <path
        d="M0 5h14"
        fill="none"
        stroke={toneOf(line.tone)}
        strokeWidth={line.isBold ? 4 : 2}
        strokeDasharray={line.isDashed ? '4 2' : undefined}
      />
    </svg>
  )
}
