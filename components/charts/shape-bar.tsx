import type { FileAnalysis } from '@/lib/analysis/analysis'

const CLASSES: Record<FileAnalysis['strip'][number], string> = {
  kill: 'k',
  recognised: 'r',
  context: 'x',
  suspicious: 'q',
  ignored: 'g',
}

/** What stands where in a file, first line to last: equal stretches joined to blocks. */
export function ShapeBar({ strip }: { strip: FileAnalysis['strip'] }) {
  const blocks: { kind: FileAnalysis['strip'][number]; from: number; length: number }[] = []
  strip.forEach((kind, index) => {
    const last = blocks.at(-1)
    if (last?.kind === kind) last.length += 1
    else blocks.push({ kind, from: index, length: 1 })
  })
  return (
    <div className="shape" role="img" aria-label={`What was recognised, first line to last: ${shapeWords(strip)}`}>
      {blocks.map((block) => (
        <i
          key={block.from}
          className={CLASSES[block.kind]}
          style={{ width: `${(block.length / strip.length) * 100}%` }}
        />
      ))}
    </div>
  )
}

export function ShapeLegend() {
  return (
    <p className="legend">
      {(['kill', 'recognised', 'context', 'suspicious', 'ignored'] as const).map((kind) => (
        <span key={kind}>
          <i className={`shapekey ${CLASSES[kind]}`} />
          {kind === 'suspicious' ? 'not understood' : kind}
        </span>
      ))}
    </p>
  )
}

function shapeWords(strip: FileAnalysis['strip']): string {
  const counts = new Map<string, number>()
  for (const kind of strip) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${kind} ${Math.round((count / strip.length) * 100)} %`).join(', ')
}
