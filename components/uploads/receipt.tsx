import Link from 'next/link'
import { ShapeBar, ShapeLegend } from '@/components/charts/shape-bar'
import { CopyButton } from '@/components/ui/copy-button'
import { LogText, Name } from '@/components/ui/log-text'
import { fileWords } from '@/components/uploads/file-words'
import { formatReport } from '@/lib/analysis/format-report'
import { memberSource, type Receipt } from '@/lib/analysis/upload'
import { routes } from '@/lib/routes'
import { formatCount } from '@/lib/units'

const COLUMNS = [
  { key: 'lines', words: 'lines read' },
  { key: 'recognised', words: 'recognised' },
  { key: 'context', words: 'context kept beside them' },
  { key: 'ignored', words: 'ignored, not about memory' },
  { key: 'suspicious', words: 'look like memory trouble, not understood' },
] as const

/** Five counts that add up, over all files of an upload. */
export function ReceiptCounts({ receipts }: { receipts: readonly Receipt[] }) {
  const total = (key: (typeof COLUMNS)[number]['key']) => receipts.reduce((sum, each) => sum + each.account[key], 0)
  return (
    <div className="receipt">
      {COLUMNS.map(({ key, words }) => (
        <div key={key}>
          <b className={key === 'suspicious' && total(key) > 0 ? 'warn' : undefined}>{formatCount(total(key))}</b>
          <span>{words}</span>
        </div>
      ))}
    </div>
  )
}

/** Each file of an upload: what it is, what stands where, what was noticed. */
export function ReceiptFiles({ receipts, uploadId }: { receipts: readonly Receipt[]; uploadId: string }) {
  return (
    <>
      <table className="files cards receiptfiles">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">What is in it, first line to last</th>
            <th scope="col" className="num">
              Lines
            </th>
            <th scope="col" className="num">
              Kills
            </th>
          </tr>
        </thead>
        <tbody>
          {receipts.map((receipt, index) => (
            <tr key={receipt.name}>
              <td>
                <Link href={`${routes.uploadReceipt(sourceOf(receipts, uploadId, index))}#lines`}>
                  <Name of={receipt.name} />
                </Link>
                <div className="small faint">{fileWords(receipt)}</div>
              </td>
              <td className="full dn">
                {receipt.strip.length > 0 && <ShapeBar strip={receipt.strip} />}
                <span className="small">{contentWords(receipt)}</span>
                <Warnings receipt={receipt} />
              </td>
              <td className="num hide">{formatCount(receipt.account.lines)}</td>
              <td className={receipt.counts.kills > 0 ? 'num kill' : 'num faint'} data-l="Kills">
                {formatCount(receipt.counts.kills)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShapeLegend />
    </>
  )
}

function Warnings({ receipt }: { receipt: Receipt }) {
  if (receipt.warnings.length === 0) return null
  return (
    <ul className="warnings">
      {receipt.warnings.slice(0, 5).map((warning) => (
        <li key={`${warning.line}-${warning.code}`}>
          {warning.line > 0 && `Line ${formatCount(warning.line)}: `}
          <LogText text={warning.detail} className="name" />
        </li>
      ))}
      {receipt.warnings.length > 5 && <li>{receipt.warnings.length - 5} more like these</li>}
    </ul>
  )
}

/** Lines that look like memory trouble and were not understood, by shape. */
export function Shapes({ receipts, uploadId }: { receipts: readonly Receipt[]; uploadId: string }) {
  const shapes = receipts.flatMap((receipt, index) =>
    receipt.shapes.map((shape) => ({ ...shape, source: sourceOf(receipts, uploadId, index) })),
  )
  const report = formatReport(receipts)
  if (shapes.length === 0 || report === null) return null
  return (
    <>
      <h3 className="shapeshead">Not understood, by shape</h3>
      <table className="cards">
        <thead>
          <tr>
            <th scope="col">Shape, digits as N</th>
            <th scope="col" className="num">
              Count
            </th>
            <th scope="col">
              <span className="sr">Lines</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shapes.map((shape) => (
            <tr key={`${shape.source} ${shape.shape}`}>
              <td className="full shapetext">
                <LogText text={shape.shape} />
              </td>
              <td className="num l">{formatCount(shape.count)}</td>
              <td className="num nowrap">
                <Link href={routes.uploadReceipt(shape.source, shape.firstLines[0])}>Show lines</Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="actions">
        <CopyButton text={report} label="Copy to report this format" />
        <span className="hint">Hosts, addresses, users and paths are replaced.</span>
      </div>
    </>
  )
}

/** A lone file is the upload itself; the files of an archive are counted from 1. */
function sourceOf(receipts: readonly Receipt[], uploadId: string, index: number): string {
  return memberSource(uploadId, receipts.length === 1 ? 0 : index + 1)
}

function contentWords({ counts }: Receipt): string {
  const words = [
    [counts.reports, 'OOM report', 'OOM reports'],
    [counts.kills, 'kill', 'kills'],
    [counts.events, 'event', 'events'],
    [counts.samples, 'sample', 'samples'],
  ] as const
  const told = words.flatMap(([count, one, many]) =>
    count > 0 ? [`${formatCount(count)} ${count === 1 ? one : many}`] : [],
  )
  return told.join(', ') || 'Nothing about memory.'
}
