'use client'

import { routes } from '@/lib/routes'

/** A page that failed; the rest of oomscope still works. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="page">
      <h1 className="first">This page could not be made</h1>
      <p className="lede">
        Something went wrong on the server. What is stored is not affected, and the other pages still work.
        {error.digest && ` The server log names it as ${error.digest}.`}
      </p>
      <div className="actions">
        <button type="button" className="btn primary" onClick={reset}>
          Try again
        </button>
        <a className="btn" href={routes.overview()}>
          Overview
        </a>
      </div>
    </main>
  )
}
