import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { UploadDesk } from '@/components/uploads/upload-desk'
import { UploadList } from '@/components/uploads/upload-list'
import { isAtLeast } from '@/lib/auth/roles'
import { requireUser } from '@/lib/auth/user'
import { listHosts } from '@/lib/db/hosts'
import { listUploads } from '@/lib/db/uploads'
import { env } from '@/lib/env'
import { publicUrl } from '@/lib/http/public-url'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Upload' }

export default async function UploadPage({ searchParams }: { searchParams: Promise<Search> }) {
  const user = await requireUser()
  const cursor = parseText(await searchParams, 'cursor') ?? undefined
  const [hosts, uploads] = await Promise.all([listHosts(), listUploads({ limit: 10, cursor })])
  const origin = publicUrl(await headers())
  return (
    <Shell place="upload" user={user}>
      <h1 className="first">Drop a log, get an incident</h1>
      <p className="lede">It is read here in the browser first. Nothing is sent until you say so.</p>
      <noscript>
        <p className="note">
          <span>
            Choosing files needs JavaScript. Without it, send them from a terminal:{' '}
            <code>curl -T FILE -H "Authorization: Bearer TOKEN" {origin}/api/v1/logs?host=NAME</code>
          </span>
        </p>
      </noscript>
      {isAtLeast(user.role, 'member') ? (
        <UploadDesk hosts={hosts.map((host) => host.name)} limit={env.OOMSCOPE_UPLOAD_LIMIT} />
      ) : (
        <p className="note">
          <span>You may read what is here, not upload: that takes an account with the role of a member.</span>
        </p>
      )}
      {uploads.items.length > 0 && (
        <Section id="uploads" title="Earlier uploads">
          <UploadList uploads={uploads.items} now={Date.now()} />
          {uploads.next !== null && (
            <p className="more">
              <Link
                className="btn"
                href={`${routes.upload()}?${new URLSearchParams({ cursor: uploads.next })}#uploads`}
              >
                Older
              </Link>
            </p>
          )}
        </Section>
      )}
    </Shell>
  )
}
