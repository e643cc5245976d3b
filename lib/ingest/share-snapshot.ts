import { redactSnapshot } from '@/lib/analysis/redact-snapshot'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { type LogLine, splitSource } from '@/lib/analysis/upload'
import { getIncident } from '@/lib/db/incidents'
import { listKnownNames } from '@/lib/db/known-names'
import { listNotes } from '@/lib/db/notes'
import { listSamples } from '@/lib/db/samples'
import { readUploadLines } from '@/lib/db/upload-bytes'
import { chooseExcerpts } from '@/lib/incidents/excerpt'
import type { Incident } from '@/lib/incidents/incident'
import type { EpochMs } from '@/lib/units'

/** Curves are shown this far before the first and after the last fact. */
const AROUND_MS = 2 * 3_600_000

/**
 * Everything a shared link shows of an incident, as it is now.
 *
 * @throws AppError 'not-found'
 */
export async function takeSnapshot(incidentId: string, frozenAt: EpochMs): Promise<ShareSnapshot> {
  const incident = await getIncident(incidentId)
  const { from, to } = incident
  const range = from === null || to === null ? null : { from: from - AROUND_MS, to: to + AROUND_MS }
  return {
    incident,
    range,
    samples: range ? await listSamples(incident.hostId, range) : [],
    notes: await listNotes(incidentId),
    lines: await readShownLines(incident),
    frozenAt,
  }
}

/** The same with aliases for names, as `redactSnapshot` puts them. @throws AppError 'not-found' */
export async function takeRedactedSnapshot(incidentId: string, frozenAt: EpochMs): Promise<ShareSnapshot> {
  const snapshot = await takeSnapshot(incidentId, frozenAt)
  const uploads = Object.keys(snapshot.lines).map((source) => splitSource(source).uploadId)
  return redactSnapshot(snapshot, await listKnownNames(uploads))
}

/** The lines the incident page shows, whichever kill is selected. */
async function readShownLines(incident: Incident): Promise<Record<string, LogLine[]>> {
  const lines: Record<string, LogLine[]> = {}
  const selections = [null, ...incident.kills.map((_, index) => index)]
  const wanted = new Map<string, Map<number, number>>()
  for (const selected of selections) {
    for (const { source, parts } of chooseExcerpts(incident, incident.findings, selected)) {
      const ranges = wanted.get(source) ?? new Map<number, number>()
      for (const { from, to, isFolded } of parts) {
        if (!isFolded) ranges.set(from, Math.max(to, ranges.get(from) ?? 0))
      }
      wanted.set(source, ranges)
    }
  }
  for (const [source, ranges] of wanted) {
    const byNumber = new Map<number, LogLine>()
    for (const [from, to] of ranges) {
      for (const line of await readUploadLines(source, from, to)) byNumber.set(line.line, line)
    }
    lines[source] = [...byNumber.values()].sort((a, b) => a.line - b.line)
  }
  return lines
}
