import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Name } from '@/components/ui/log-text'
import { Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { AssumedForm } from '@/components/uploads/assumed-form'
import { LineWindow } from '@/components/uploads/line-window'
import { ReceiptCounts, ReceiptFiles, Shapes } from '@/components/uploads/receipt'
import { RemoveUpload } from '@/components/uploads/remove-upload'
import { UploadProgress } from '@/components/uploads/upload-progress'
import { splitSource, type Upload } from '@/lib/analysis/upload'
import { isAtLeast } from '@/lib/auth/roles'
import { requireUser } from '@/lib/auth/user'
import { readUploadLines } from '@/lib/db/upload-bytes'
import { findUpload } from '@/lib/db/uploads'
import { parseLine, routes, type Search } from '@/lib/routes'
import { visibleText } from '@/lib/text/visible'
import { formatBytes } from '@/lib/units'

interface Props {
  /** An upload, or a file inside one. */
  params: Promise<{ uploadId: string }>
  searchParams: Promise<Search>
}

const LINES_BEFORE = 20
const LINES_AFTER = 40

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireUser()
  const upload = await findUpload(decodeURIComponent((await params).uploadId))
  return { title: upload ? visibleText(upload.name) : 'Upload' }
}

export default async function ReceiptPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const source = decodeURIComponent((await params).uploadId)
  const line = parseLine(await searchParams)
  const upload = await findUpload(source)
  if (!upload) notFound()
  const isAdmin = isAtLeast(user.role, 'admin')
  const now = Date.now()
  const first = Math.max(1, (line ?? 1) - LINES_BEFORE)
  const lines = upload.state === 'read' ? await readUploadLines(source, first, first + LINES_BEFORE + LINES_AFTER) : []
  return (
    <Shell place="upload" user={user}>
      <div className="crumbs">
        <Link href={routes.upload()}>Uploads</Link>
        <span aria-hidden="true">/</span>
        <Name of={upload.name} />
        {upload.isSample && <span className="badge example">sample</span>}
        <div className="act">{isAdmin && <RemoveUpload uploadId={upload.id} name={upload.name} />}</div>
      </div>
      <h1>{titleOf(upload)}</h1>
      <p className="lede">
        <Name of={upload.name} />, {formatBytes(upload.sizeBytes)}, sent{' '}
        <Moment at={upload.createdAt} zone="UTC" as="day-time" /> UTC
        {upload.hostname && (
          <>
            , host <Name of={upload.hostname} />
          </>
        )}
        .
      </p>
      <UploadProgress uploadId={upload.id} state={upload.state} problem={upload.problem} />
      {upload.state === 'read' && (
        <>
          <Section id="incidents" title="Incidents">
            {upload.incidents.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} now={now} />
            ))}
            {upload.incidents.length === 0 && <p className="dim">No incident was found in it.</p>}
          </Section>
          <Section id="receipt" title="Receipt" hint="Every line is in exactly one column.">
            <ReceiptCounts receipts={upload.receipts} />
            <ReceiptFiles receipts={upload.receipts} uploadId={upload.id} />
            <Shapes receipts={upload.receipts} uploadId={upload.id} />
          </Section>
          <Section
            id="assumed"
            title="Assumed"
            hint="What the text does not say. A change reads everything again and times it anew; links stay as they are."
          >
            <AssumedForm
              uploadId={upload.id}
              chosen={upload.chosen}
              assumed={upload.receipts.flatMap((receipt) => receipt.assumed)}
              mayChange={isAdmin}
            />
          </Section>
          {lines.length > 0 && (
            <Section id="lines" title="Lines" hint={<MemberName upload={upload} source={source} />}>
              <LineWindow source={source} lines={lines} line={line} />
            </Section>
          )}
        </>
      )}
    </Shell>
  )
}

function titleOf(upload: Upload): string {
  if (upload.state === 'failed') return 'Stored, but it could not be read'
  if (upload.state !== 'read') return 'Stored, and being read'
  const count = upload.incidents.length
  if (count === 0) return 'Read: no incident in it'
  return `Read: ${count} ${count === 1 ? 'incident' : 'incidents'} in it`
}

function MemberName({ upload, source }: { upload: Upload; source: string }) {
  const { member } = splitSource(source)
  return <Name of={member === 0 ? upload.name : (upload.receipts[member - 1]?.name ?? upload.name)} />
}
