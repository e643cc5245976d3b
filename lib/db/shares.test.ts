import { beforeAll, expect, test } from 'vitest'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { pool, prisma } from '@/lib/db/client'
import { createShare, getShare, listShares, openShare, openShareAgain, revokeShare } from '@/lib/db/shares'

const HOUR = 3_600_000
const BY = { id: null, name: 'Ada' }

/** Only stored and given back here: what is in it does not matter. */
function snapshot(title: string): ShareSnapshot {
  return { incident: { title }, redaction: { host: 1 } } as unknown as ShareSnapshot
}

beforeAll(async () => {
  const at = new Date(0)
  await prisma.host.create({ data: { id: 'h1', name: 'db', aliases: [], firstSeenAt: at, lastSeenAt: at } })
  await pool.query(
    `insert into "Incident" ("id", "hostId", "anchorId", "listedAt", "title", "class", "confidence", "pattern", "findings",
       "fingerprint", "assumptions", "end", "killCount", "killTimes", "isTimeUncertain", "isSample", "searchText", "updatedAt")
     values ('i1', 'h1', 'a', now(), '{}', 'unknown', 'low', 'unknown', '[]', '', '[]', 'last-kill', 0, '{}', false, false, '', now())`,
  )
})

test('a link opens what was frozen, and counts its views', async () => {
  const { link, token } = await createShare({
    incidentId: 'i1',
    snapshot: snapshot('frozen'),
    expiresAt: Date.now() + HOUR,
    createdBy: BY,
  })
  expect(link).toMatchObject({ incidentId: 'i1', isRedacted: true, views: 0, lastViewedAt: null })
  await openShare(token)
  expect((await openShare(token))?.snapshot).toEqual(snapshot('frozen'))
  expect((await openShareAgain(token))?.snapshot).toEqual(snapshot('frozen'))
  const [listed] = await listShares({ incidentId: 'i1' })
  expect(listed?.views).toBe(2)
  expect(listed?.lastViewedAt).not.toBeNull()
})

test('revoked, expired, unknown and malformed links are told apart by nobody', async () => {
  const revoked = await createShare({
    incidentId: 'i1',
    snapshot: snapshot('revoked'),
    expiresAt: Date.now() + HOUR,
    createdBy: BY,
  })
  const expired = await createShare({
    incidentId: 'i1',
    snapshot: snapshot('expired'),
    expiresAt: Date.now() - 1,
    createdBy: BY,
  })
  expect(await openShare(revoked.token)).not.toBeNull()
  await revokeShare(revoked.link.id)
  for (const token of [revoked.token, expired.token, 'A'.repeat(24), 'short', `${revoked.token}'--`]) {
    expect(await openShare(token)).toBeNull()
    await expect(getShare(token)).rejects.toThrow('There is no such link.')
  }
  const { rows } = await pool.query(`select * from "ShareLink"`)
  expect(JSON.stringify(rows)).not.toContain(revoked.token)
})
