import Link from 'next/link'
import { PlainShell } from '@/components/ui/shell'
import { routes } from '@/lib/routes'

/** Also what a shared link that expired, was revoked or never existed shows: the three look alike on purpose. */
export default function NotFound() {
  return (
    <PlainShell>
      <h1 className="first">There is nothing here</h1>
      <p className="lede">
        The address is wrong, or what it showed was deleted. If someone sent you a shared link, it may have expired or
        been revoked: ask the sender for a new one.
      </p>
      <p className="more">
        <Link className="btn" href={routes.overview()}>
          Go to the overview
        </Link>
      </p>
    </PlainShell>
  )
}
