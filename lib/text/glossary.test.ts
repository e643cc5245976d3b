import { expect, test } from 'vitest'
import { findTerm, markTerms } from '@/lib/text/glossary'

const marked = (text: string) =>
  markTerms(text).flatMap(({ text: word, entry }) => (entry ? [`${word} = ${entry.term}`] : []))

test('terms are found in a sentence, each once, plurals and other spellings too', () => {
  expect(marked('Zone Normal was under its watermark; DMA zones were not. Slab held 3 %.')).toEqual([
    'Zone = zone',
    'watermark = watermark',
    'Slab = slab',
  ])
  expect(marked('Its page tables took more than the swap cache.')).toEqual([
    'page tables = page tables',
    'swap cache = swap cache',
  ])
})

test('everyday words, file names and parts of words are none', () => {
  expect(marked('Some of the full report is in order; a low score. /dev/zone x-slab reslabbed')).toEqual([])
})

test('nothing of the text is lost', () => {
  const text = 'oom_score_adj −1000 exempts it; thrashing followed.'
  expect(
    markTerms(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})

test('a word is looked up without regard to case', () => {
  expect(findTerm('MEMCG')?.term).toBe('cgroup')
  expect(findTerm('weather')).toBeNull()
})
