import { expect, test } from 'vitest'
import { createTriggerFinder, findTrigger } from '@/lib/analysis/trigger-finder'
import { createTriggerPattern } from '@/lib/analysis/triggers'

const utf8 = new TextEncoder()

/** Numbers (from 0) of the lines of a text that a search line by line finds. */
function linesWithTriggers(text: string): number[] {
  const block = utf8.encode(text)
  const found: number[] = []
  let at = 0
  let line = 0
  while (at < block.length) {
    const hit = findTrigger(block, at)
    while (at < block.length && at <= hit) {
      const end = block.indexOf(10, at) + 1
      if (hit < end) found.push(line)
      at = end
      line += 1
    }
  }
  return found
}

test('a word is found wherever it begins in its line', () => {
  for (let before = 0; before < 9; before += 1) {
    expect(linesWithTriggers(`quiet\n${'x'.repeat(before)}oom\nquiet\n`)).toEqual([1])
    expect(linesWithTriggers(`${'-'.repeat(before)}invoked by\n`)).toEqual([0])
  }
})

test('a word cut by a line end is no word', () => {
  expect(linesWithTriggers('oo\nm\nO\nOM\n')).toEqual([])
})

test('a word with a pattern needs all of it', () => {
  expect(linesWithTriggers('lost messages\nlost 12 messages\npid 7\n  pid ]  uid\n19/KILL\n9/KILL\n')).toEqual([
    1, 3, 5,
  ])
})

test('letters that share their low bits with those of a word are other letters', () => {
  expect(linesWithTriggers('OoM\n/-M\noOm\n\u002f\u002f\u002d\n')).toEqual([])
})

test('a word must begin with enough plain characters to be looked for', () => {
  expect(() => createTriggerFinder(['ab+c'])).toThrow('"ab+c"')
})

test('a line full of beginnings of words is tried once', () => {
  const line = `${'pid '.repeat(16_000)}\n`
  expect(linesWithTriggers(line.repeat(20))).toEqual([])
})

test('the same lines are found as by the regular expression', () => {
  const words = [
    'oom',
    'pages',
    'RAM',
    'of ',
    'lost',
    '3',
    'messages',
    'pid',
    ']',
    'uid',
    ' ',
    'x',
    'é',
    'alert',
    'firing: ',
  ]
  // A fixed sequence (Numerical Recipes' generator), so that a failure can be seen again.
  let state = 1
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const lines = Array.from({ length: 4000 }, () =>
    Array.from({ length: next(6) }, () => words[next(words.length)]).join(next(2) === 0 ? '' : ' '),
  )
  const pattern = createTriggerPattern()
  const expected = lines.flatMap((line, index) => {
    pattern.lastIndex = 0
    return pattern.test(line) ? [index] : []
  })
  expect(linesWithTriggers(lines.map((line) => `${line}\n`).join(''))).toEqual(expected)
  expect(expected.length).toBeGreaterThan(300)
})
