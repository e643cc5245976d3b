import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { Name } from '@/components/ui/log-text'
import { Term } from '@/components/ui/term'
import type { Badness, Candidate } from '@/lib/findings/badness'
import { findTerm } from '@/lib/text/glossary'
import { formatCount } from '@/lib/units'

const MOST_RANKED = 5
const MOST_EXEMPT = 6

interface ChoiceTableProps {
  badness: Badness
  source: string
  victimPids: ReadonlySet<number>
  links: LineLinks
}

/** The kernel's choice redone: who had most points, who came next, and who could not be chosen at all. */
export function ChoiceTable({ badness, source, victimPids, links }: ChoiceTableProps) {
  const { candidates, terms } = badness
  const ranked = candidates.filter(({ isExempt }) => !isExempt)
  const exempt = candidates.filter(({ isExempt }) => isExempt)
  const isVictim = ({ task }: Candidate) =>
    victimPids.has(task.pid) || (task.tgid !== null && victimPids.has(task.tgid))
  const shown = ranked.filter((candidate, index) => index < MOST_RANKED || isVictim(candidate))
  const entry = findTerm('badness')
  return (
    <div className="choice">
      <h3 className="above">
        {entry ? <Term entry={entry} text="The kernel’s choice" /> : 'The kernel’s choice'}{' '}
        <span className="faint">
          (pages: {terms.map((term) => TERMS[term]).join(' + ')}, and the adjustment of oom_score_adj)
        </span>
      </h3>
      <table className="ranking">
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Process</th>
            <th scope="col" className="num">
              Own pages
            </th>
            <th scope="col" className="num">
              Adjustment
            </th>
            <th scope="col" className="num">
              Points
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((candidate) => (
            <tr key={candidate.task.line}>
              <td>{formatCount(ranked.indexOf(candidate) + 1)}</td>
              <td>
                <Name of={candidate.task.comm} /> <span className="faint pid">{candidate.task.pid}</span>{' '}
                {isVictim(candidate) && <span className="badge killed">killed</span>}{' '}
                <Evidence ranges={[{ source, from: candidate.task.line, to: candidate.task.line }]} links={links} />
              </td>
              <td className="num">{formatCount(candidate.ownPages)}</td>
              <td className="num">{signed(candidate.points - candidate.ownPages)}</td>
              <td className="num">{formatCount(candidate.points)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {exempt.length > 0 && (
        <p className="small dim">
          Never chosen:{' '}
          {exempt.slice(0, MOST_EXEMPT).map((candidate, index) => (
            <span key={candidate.task.line}>
              {index > 0 && ', '}
              <Name of={candidate.task.comm} /> {candidate.task.pid} ({whyExempt(candidate)})
            </span>
          ))}
          {exempt.length > MOST_EXEMPT && ` and ${exempt.length - MOST_EXEMPT} more`}.
        </p>
      )}
    </div>
  )
}

const TERMS: Record<Badness['terms'][number], string> = {
  rss: 'resident',
  swap: 'swapped',
  'page-tables': 'page tables',
}

function whyExempt({ task }: Candidate): string {
  return task.oomScoreAdj === -1000 ? 'oom_score_adj −1000' : 'the first process of the machine'
}

function signed(pages: number): string {
  if (pages === 0) return '0'
  return `${pages < 0 ? '−' : '+'}${formatCount(Math.abs(pages))}`
}
