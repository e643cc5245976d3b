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

/** The frame of every page for people with an account. */
export function Shell({ place, user, children }: { place: Place; user: { name: string }; children: ReactNode }) {
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
            <AccountMenu name={user.name} />
          </div>
        </div>
      </header>
      <main className="page" id="content">
        {children}
        <footer className="foot">
          <span>oomscope</span>
          <Link href={routes.tokens()}>Tokens</Link>
          <Link href={routes.shares()}>Shared links</Link>
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
