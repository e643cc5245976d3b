import { Clock, Download, EyeOff, Lock, Snowflake } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { SharedIncident } from '@/app/s/[shareToken]/shared-incident'
import { PrintButton } from '@/components/incidents/print-button'
import { Moment } from '@/components/ui/moment'
import { openShare, openShareAgain } from '@/lib/db/shares'
import { REQUESTED_PATH_HEADER } from '@/lib/http/headers'
import { routes, type Search } from '@/lib/routes'
import { hiddenWords } from '@/lib/text/hidden-words'
import { sayMessage, sayTitle } from '@/lib/text/say'

interface Props {
  params: Promise<{ shareToken: string }>
  searchParams: Promise<Search>
}

// The page and its head ask for the same link: it is opened, and counted, once a request. Links within the page are
// fetched ahead, marked in the address that Next itself takes the mark off.
const open = cache(async (token: string) => {
  const requested = (await headers()).get(REQUESTED_PATH_HEADER) ?? ''
  return /[?&]_rsc=/.test(requested) ? openShareAgain(token) : openShare(token)
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const share = await open((await params).shareToken)
  const base: Metadata = { robots: { index: false, follow: false }, referrer: 'no-referrer' }
  if (!share) return { ...base, title: 'Not found' }
  const { incident } = share.snapshot
  const title = sayTitle(incident.title)
  const description = incident.findings
    .slice(0, 3)
    .map((finding) => sayMessage(finding.headline))
    .join(' ')
  return { ...base, title, description, openGraph: { title, description, type: 'article', siteName: 'oomscope' } }
}

/** One incident, frozen, for someone without an account: nothing else can be reached from here. */
export default async function SharedIncidentPage({ params, searchParams }: Props) {
  const [{ shareToken }, search] = [await params, await searchParams]
  const share = await open(shareToken)
  if (!share) notFound()
  const { snapshot, expiresAt } = share
  const hidden = hiddenWords(snapshot.redaction ?? {})
  return (
    <SharedIncident
      snapshot={snapshot}
      search={search}
      path={routes.share(shareToken)}
      banner={
        <>
          <span>
            <Lock className="i" aria-hidden />
            Shared, read only
          </span>
          <span>
            <Snowflake className="i" aria-hidden />
            Frozen <Moment at={snapshot.frozenAt} zone="UTC" as="day-time" /> UTC
          </span>
          <span>
            <Clock className="i" aria-hidden />
            Expires <Moment at={expiresAt} zone="UTC" as="day-time" /> UTC
          </span>
          {hidden !== null && (
            <span>
              <EyeOff className="i" aria-hidden />
              {hidden}
            </span>
          )}
          <span className="right">
            <a className="btn" href={routes.shareFile(shareToken, 'md')} download>
              <Download className="i" aria-hidden />
              Markdown
            </a>
            <a className="btn" href={routes.shareFile(shareToken, 'json')} download>
              <Download className="i" aria-hidden />
              JSON
            </a>
            <PrintButton />
          </span>
        </>
      }
    />
  )
}
