import { describe, expect, test } from 'vitest'
import { explainIncident } from '@/lib/findings/explain'
import { findSuspect } from '@/lib/findings/notes'
import { aKill, minutes } from '@/lib/incidents/facts-for-tests'
import type { IncidentFacts, Note } from '@/lib/incidents/incident'
import type { ProcessList } from '@/lib/metrics/process'
import type { Kill } from '@/lib/oom/report'
import { sayTitle } from '@/lib/text/say'

const factsOf = (...kills: Kill[]): IncidentFacts => ({
  kills,
  reports: [],
  events: [],
  from: minutes(0),
  to: minutes(0),
})
const note = (text: string, isOtherBoot = false): Note => ({
  id: 'note_1',
  incidentId: 'inc_1',
  at: null,
  isAtUncertain: false,
  isOtherBoot,
  text,
  author: 'admin',
  createdAt: minutes(90),
})
const suspectIn = (text: string, ...victims: string[]) => {
  const suspect = findSuspect([note(text)], factsOf(...victims.map((comm, pid) => aKill({ comm, pid }))))
  return suspect && [suspect.comm, suspect.processes]
}

describe('a note names a suspect', () => {
  test.each([
    ['Five clamscan processes stuck on a folder of error mails', 'clamscan', 5],
    ['After the reboot top showed five clamscan, all hung.', 'clamscan', 5],
    ['top: clamscan x5 eating memory', 'clamscan', 5],
    ['The java process was leaking again', 'java', 1],
    ['Found 40 php-fpm workers using 3 GB', 'php-fpm', 40],
  ])('%s', (text, comm, processes) => {
    expect(suspectIn(text)).toEqual([comm, processes])
  })

  test.each([
    'Memory was gone within 20 minutes',
    'Added 4 GB of RAM and two disks',
    'We found three servers with the same memory problem',
    'Restarted everything at 17:32',
  ])('but not this one: %s', (text) => {
    expect(suspectIn(text)).toBeNull()
  })

  test('and does not by saying who was killed', () => {
    expect(suspectIn('No memory left: the kernel killed mysqld, two httpd and smtp', 'mysqld', 'httpd')).toBeNull()
  })
})

describe('the holder', () => {
  test('from a note is only suspected, and says that it was another boot', () => {
    const facts = factsOf(aKill({ comm: 'mysqld', pid: 22073 }))
    const notes = [note('Five clamscan found stuck on a folder of error mails', true)]
    const { hog, title, findings } = explainIncident(facts, { hostname: 'mail', notes })
    expect(hog).toMatchObject({ comm: 'clamscan', processes: 5, grade: 'suspected', rssKib: null, share: null })
    expect(sayTitle(title)).toBe('mysqld killed on mail: largest process not in this log')
    expect(findings.find(({ code }) => code === 'hog')).toMatchObject({
      confidence: 'low',
      detail: { key: 'hog.suspected-boot-detail' },
    })
  })

  test('that a note suspects does not change the fingerprint', () => {
    const facts = factsOf(aKill({ comm: 'mysqld' }))
    const noted = explainIncident(facts, { hostname: null, notes: [note('five clamscan processes using all memory')] })
    expect(noted.hog?.comm).toBe('clamscan')
    expect(noted.fingerprint).toBe(explainIncident(facts, { hostname: null }).fingerprint)
  })

  const list = (after: number): ProcessList => ({
    at: minutes(after),
    line: 1,
    rows: [
      ['worker', 300_000],
      ['worker', 280_000],
      ['sshd', 9_000],
    ].map(([comm, rssKib], index) => ({
      pid: index,
      comm: String(comm),
      user: null,
      ppid: null,
      rssKib: Number(rssKib),
      swapKib: null,
      vszKib: null,
      args: null,
    })),
  })
  const samples = [{ at: minutes(-1), memTotal: 1024 ** 3 }]
  const killed = factsOf(aKill({ at: minutes(0), comm: 'sshd' }))

  test('is named by a process list taken just before the kill', () => {
    const { hog } = explainIncident(killed, { hostname: 'db1', samples, processLists: [list(-2)] })
    expect(hog).toMatchObject({ comm: 'worker', processes: 2, rssKib: 580_000, grade: 'metrics', shareOf: 'ram' })
    expect(hog?.share).toBeCloseTo(0.553, 3)
  })

  test.each([-30, 1])('is not named by a list %d minutes from it', (after) => {
    expect(explainIncident(killed, { hostname: 'db1', samples, processLists: [list(after)] }).hog).toBeNull()
  })

  test('is never the victim because it is the victim', () => {
    expect(explainIncident(factsOf(aKill({ anonRssKib: 900_000, fileRssKib: 0 })), { hostname: null }).hog).toBeNull()
  })

  const scored = { score: 854, totalVmKib: 11_017_300, anonRssKib: 7_152_432, fileRssKib: 1_232 }

  test('is proved by a score of more than half when no adjustment is in it', () => {
    const facts = factsOf(aKill({ ...scored, comm: 'java', oomScoreAdj: 0 }))
    expect(explainIncident(facts, { hostname: null }).hog).toMatchObject({ comm: 'java', grade: 'report' })
  })

  test('is only suspected when the adjustment is not printed', () => {
    const facts = factsOf(aKill({ ...scored, comm: 'java' }))
    expect(explainIncident(facts, { hostname: null }).hog).toMatchObject({ comm: 'java', grade: 'suspected' })
  })

  test('is not shown by a score that an adjustment made', () => {
    const facts = factsOf(aKill({ ...scored, comm: 'java', oomScoreAdj: 800 }))
    expect(explainIncident(facts, { hostname: null }).hog).toBeNull()
  })
})
