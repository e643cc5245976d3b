'use client'

import { X } from 'lucide-react'
import { ShapeBar, ShapeLegend } from '@/components/charts/shape-bar'
import { Name } from '@/components/ui/log-text'
import { Problem } from '@/components/ui/problem'
import { fileWords, foundWords } from '@/components/uploads/file-words'
import type { DeskFile } from '@/components/uploads/use-upload-desk'
import type { Preview } from '@/lib/analysis/preview'
import { routes } from '@/lib/routes'
import { formatBytes, formatCount } from '@/lib/units'

interface FileTableProps {
  files: readonly DeskFile[]
  onRemove: (id: number) => void
  onCancel: (id: number) => void
}

/** What is in each file, first line to last, and how far it is on its way. */
export function FileTable({ files, onRemove, onCancel }: FileTableProps) {
  return (
    <>
      <table className="files cards">
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
            <th scope="col">
              <span className="sr">Take away</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <FileRow key={file.id} file={file} onRemove={onRemove} onCancel={onCancel} />
          ))}
        </tbody>
      </table>
      <ShapeLegend />
    </>
  )
}

function FileRow({ file, onRemove, onCancel }: { file: DeskFile } & Omit<FileTableProps, 'files'>) {
  const preview = typeof file.preview === 'object' ? file.preview : null
  const isGoing = file.sending.state === 'going'
  return (
    <tr>
      <td>
        <b>
          <Name of={file.name} />
        </b>
        <div className="small faint">{preview ? fileWords(preview) : formatBytes(file.blob.size)}</div>
      </td>
      <td className="full dn">
        <Content file={file} preview={preview} />
      </td>
      <td className="num hide">{preview && formatCount(preview.account.lines)}</td>
      <td className={preview && preview.kills > 0 ? 'num kill' : 'num faint'} data-l="Kills">
        {preview && <b>{preview.kills}</b>}
      </td>
      <td className="num">
        {file.sending.state !== 'sent' && (
          <button
            type="button"
            className="btn plain icon"
            aria-label={isGoing ? `Cancel sending ${file.name}` : `Take ${file.name} away`}
            onClick={() => (isGoing ? onCancel(file.id) : onRemove(file.id))}
          >
            <X className="i" aria-hidden />
          </button>
        )}
      </td>
    </tr>
  )
}

function Content({ file, preview }: { file: DeskFile; preview: Preview | null }) {
  const { sending } = file
  return (
    <>
      {preview && preview.strip.length > 0 && <ShapeBar strip={preview.strip} />}
      {file.preview === null && <span className="small faint">Reading …</span>}
      {file.preview === 'packed' && (
        <span className="small dim">Packed: the server unpacks it and shows each file inside.</span>
      )}
      {file.preview === 'failed' && <span className="small dim">Could not be read here. It can still be sent.</span>}
      {preview && <span className="small">{foundWords(preview)}</span>}
      {sending.state === 'going' && (
        <progress className="progress" value={sending.share} max={1} aria-label={`Sending ${file.name}`} />
      )}
      {sending.state === 'refused' && <Problem words={sending.words} />}
      {sending.state === 'sent' && <Outcome sent={sending.sent} />}
    </>
  )
}

function Outcome({ sent }: { sent: Extract<DeskFile['sending'], { state: 'sent' }>['sent'] }) {
  return (
    <ul className="outcome" role="status">
      {!sent.isNew && (
        <li>
          Already uploaded, the same bytes. <a href={routes.uploadReceipt(sent.uploadId)}>Open that upload</a>
        </li>
      )}
      {sent.incidents.map((incident) => (
        <li key={incident.id}>
          <a href={routes.incident(incident.id)}>
            <Name of={incident.title} />
          </a>
        </li>
      ))}
      {sent.isNew && (
        <li>
          {!sent.isRead && 'Stored, still being read. '}
          {sent.isRead && sent.incidents.length === 0 && 'Stored; no incident in it. '}
          <a href={routes.uploadReceipt(sent.uploadId)}>Open the receipt</a>
        </li>
      )}
    </ul>
  )
}
