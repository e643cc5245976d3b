import { describe, expect, test } from 'vitest'
import { readTaskHeader, readTaskRow } from '@/lib/oom/kernel/task-dump'

function row(header: string, line: string) {
  return readTaskRow(line, readTaskHeader(header)?.columns ?? null, 7)
}

describe('a row is read by the names of its columns', () => {
  test('2.6.32', () => {
    expect(
      row(
        '[ pid ]   uid  tgid total_vm      rss cpu oom_adj name',
        '[ 5511]  1000  5511   100012    81099   1     -17 cc1plus',
      ),
    ).toMatchObject({
      pid: 5511,
      uid: 1000,
      rssPages: 81099,
      oomAdj: -17,
      oomScoreAdj: null,
      comm: 'cc1plus',
      line: 7,
    })
  })

  test('4.x counts page tables in pages', () => {
    expect(
      row(
        '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name',
        '[ 4358]  1000  4358  2853387  1773446    5578      13  1074744             0 bash',
      ),
    ).toMatchObject({ pageTablePages: 5591, pageTableBytes: null, swapPages: 1074744, oomScoreAdj: 0 })
  })

  test('6.8 splits the resident pages', () => {
    expect(
      row(
        '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
        '[  43056]  1000 43056  7511161  3403343  3388364    14371       608 32583680   518157           200 colmap',
      ),
    ).toMatchObject({
      rssAnonPages: 3388364,
      rssShmemPages: 608,
      pageTableBytes: 32583680,
      oomScoreAdj: 200,
      comm: 'colmap',
    })
  })

  test('a vendor column more does not move the others', () => {
    expect(row('[ pid ] ppid uid tgid total_vm rss oom_score_adj name', '[ 9] 1 0 9 100 50 -900 init')).toMatchObject({
      uid: 0,
      rssPages: 50,
      oomScoreAdj: -900,
      comm: 'init',
    })
  })
})

test('a name may hold spaces, parentheses and digits', () => {
  const header = '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name'
  expect(
    row(header, '[29600]  1001 29600    28811       99      14        0             0 Plex Media Serv'),
  ).toMatchObject({ comm: 'Plex Media Serv' })
  expect(row(header, '[29600]  1001 29600    28811       99      14        0             0 123')).toMatchObject({
    comm: '123',
  })
})

test('without a header only the columns that all kernels share are taken', () => {
  expect(
    readTaskRow('[ 4358]  1000  4358  2853387  1773446    5578      13  1074744             0 bash', null, 1),
  ).toMatchObject({
    pid: 4358,
    uid: 1000,
    rssPages: 1773446,
    swapPages: null,
    oomScoreAdj: null,
    comm: 'bash',
  })
})

test('a row that is cut off is no row', () => {
  const header = '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name'
  expect(row(header, '[29600]  1001 29600    288')).toBe('short')
  expect(row(header, '[29600] something else')).toBeNull()
})
