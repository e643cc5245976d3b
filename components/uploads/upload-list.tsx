import Link from 'next/link'
import { Name } from '@/components/ui/log-text'
import { Ago } from '@/components/ui/moment'
import type { UploadState, UploadSummary } from '@/lib/analysis/upload'
import { routes } from '@/lib/routes'
import { type EpochMs, formatBytes, formatCount } from '@/lib/units'

const STATES: Record<UploadState, string> = {
  receiving: 'arriving',
  received: 'waiting to be read',
  reading: 'being read',
  read: 'read',
  failed: 'could not be read',
}

/** Uploads of the past, newest first. */
export function UploadList({ uploads, now }: { uploads: readonly UploadSummary[]; now: EpochMs }) {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Host</th>
          <th scope="col">State</th>
          <th scope="col" className="num">
            Size
          </th>
          <th scope="col" className="num">
            Kills
          </th>
          <th scope="col" className="num">
            Sent
          </th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <tr key={upload.id}>
            <td className="full">
              <Link href={routes.uploadReceipt(upload.id)}>
                <Name of={upload.name} />
              </Link>
              {upload.isSample && <span className="badge example">sample</span>}
            </td>
            <td>{upload.hostname ? <Name of={upload.hostname} /> : <span className="faint">none named</span>}</td>
            <td>{STATES[upload.state]}</td>
            <td className="num hide">{formatBytes(upload.sizeBytes)}</td>
            <td className="num l" data-l="Kills">
              {upload.state === 'read' || upload.counts.kills > 0 ? formatCount(upload.counts.kills) : 'unknown'}
            </td>
            <td className="num">
              <Ago at={upload.createdAt} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
