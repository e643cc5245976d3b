import { Search } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ChartPatterns } from '@/components/charts/patterns'
import { AccountMenu } from '@/components/ui/account-menu'
import { Logo } from '@/components/ui/logo'
import { SearchKey } from '@/components/ui/search-key'
import { ThemeSwitch } from '@/components/ui/theme-switch'
import { routes } from '@/lib/routes'

export type Place = 'overview' | 'incidents' | 'hosts' | 'upload' | 'settings'

const PLACES: { place: Place; name: string; href: string }[] = [
  { place: 'overview', name: 'Overview', href: routes.overview() },
  { place: 'incidents', name: 'Incidents', href: routes.incidents() },
  { place: 'hosts', name: 'Hosts', href: routes.hosts() },
  { place: 'upload', name: 'Upload', href: routes.upload() },
]

/** Who looks at a page, as far as its frame differs. */
interface Viewer {
  name: string
  role: 'viewer' | 'member' | 'admin'
  /** Nobody in particular, on an instance that may be read without an account. */
  isGuest: boolean
}

/** The frame of every page for people with an account, and for guests where there are any. */
export function Shell({ place, user, children }: { place: Place; user: Viewer; children: ReactNode }) {
  return (
    <div className="hasnav">
      <ChartPatterns />
      <a className="btn skip" href="#content">
        Skip to content
      </a>
      <header className="top">
        <div>
          <Link className="logo" href={routes.overview()}>
            <Logo />
            oomscope
          </Link>
          <nav className="nav" aria-label="Main">
            {PLACES.map((each) => (
              <Link key={each.place} href={each.href} aria-current={each.place === place ? 'page' : undefined}>
                {each.name}
              </Link>
            ))}
          </nav>
          <div className="tools">
            <search>
              <form className="search" action={routes.incidents()}>
                <Search className="i" aria-hidden />
                <input
                  name="q"
                  aria-label="Search incidents by host, program or pid"
                  placeholder="Host, program, pid"
                />
                <SearchKey />
              </form>
            </search>
            <ThemeSwitch />
            {user.isGuest ? (
              <Link className="btn" href={routes.signIn()}>
                Sign in
              </Link>
            ) : (
              <AccountMenu name={user.name} />
            )}
          </div>
        </div>
      </header>
      <main className="page" id="content">
        {user.isGuest && (
          <p className="note">
            <span>
              Anyone who reaches this instance can read everything on it: anonymous reading is on (OOMSCOPE_ANONYMOUS).
            </span>
          </p>
        )}
        {children}
        <footer className="foot">
          <span>oomscope</span>
          <Link href={routes.agents()}>Agents</Link>
          {user.role === 'admin' && <Link href={routes.tokens()}>Tokens</Link>}
          {user.role !== 'viewer' && <Link href={routes.shares()}>Shared links</Link>}
        </footer>
      </main>
    </div>
  )
}

/** The frame of pages that open without an account: no way into the rest. */
export function PlainShell({ children }: { children: ReactNode }) {
  return (
    <>
      <ChartPatterns />
      <header className="top">
        <div>
          <span className="logo">
            <Logo />
            oomscope
          </span>
          <div className="tools">
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main className="page" id="content">
        {children}
      </main>
    </>
  )
}
