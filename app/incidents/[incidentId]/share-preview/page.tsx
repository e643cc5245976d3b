import { Eye } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { SharedIncident } from '@/app/s/[shareToken]/shared-incident'
import { requireUser } from '@/lib/auth/user'
import { findIncident } from '@/lib/db/incidents'
import { takeRedactedSnapshot, takeSnapshot } from '@/lib/ingest/share-snapshot'
import { parseText, routes, type Search } from '@/lib/routes'
import { hiddenWords } from '@/lib/text/hidden-words'

export const metadata: Metadata = { title: 'Preview of a shared link' }

interface Props {
  params: Promise<{ incidentId: string }>
  searchParams: Promise<Search>
}

/** Exactly what a link made now would show: the same snapshot, drawn by the same component. */
export default async function SharePreviewPage({ params, searchParams }: Props) {
  await requireUser()
  const [{ incidentId }, search] = [await params, await searchParams]
  if (!(await findIncident(incidentId))) notFound()
  const isRedacted = parseText(search, 'names') !== 'shown'
  const now = Date.now()
  const snapshot = await (isRedacted ? takeRedactedSnapshot(incidentId, now) : takeSnapshot(incidentId, now))
  return (
    <SharedIncident
      snapshot={snapshot}
      search={search}
      path={routes.sharePreview(incidentId, true)}
      banner={
        <>
          <span>
            <Eye className="i" aria-hidden />
            Preview: what the other side would see. Nothing is shared yet.
          </span>
          <span>{isRedacted ? hiddenWords(snapshot.redaction ?? {}) : 'Names are shown as they are'}</span>
          <span className="right">
            <Link className="btn" href={routes.incident(incidentId)}>
              Back to the incident
            </Link>
          </span>
        </>
      }
    />
  )
}
