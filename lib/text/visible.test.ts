import { expect, test } from 'vitest'
import { visibleParts, visibleText } from '@/lib/text/visible'

test('characters that reorder or erase their neighbours are named', () => {
  expect(visibleText('evil\u202egnp.exe')).toBe('evil\\u202egnp.exe')
  expect(visibleText('\u001b[2Jgone')).toBe('\\x1b[2Jgone')
  expect(visibleText('half \ud83d')).toBe('half \\ud83d')
})

test('ordinary text, tabs and other scripts stay as they are', () => {
  expect(visibleParts('日志\tмail 🙂')).toEqual([{ text: '日志\tмail 🙂', isEscape: false }])
  expect(visibleParts('')).toEqual([])
})
