import { expect, test } from 'vitest'
import { closeInnermost, onEscape } from '../../../../src/renderer/stores/escape.ts'

test('closes what was opened last, one at a time, and nothing when nothing is open', () => {
  const closed: string[] = []
  const open = (name: string) => {
    const gone = onEscape(() => {
      closed.push(name)
      gone()
    })
    return gone
  }
  open('preview')
  open('dialog')
  const menu = open('menu')
  open('dialog in the menu')
  // Gone without Escape, as when its view is left.
  menu()
  expect([closeInnermost(), closeInnermost(), closeInnermost(), closeInnermost()]).toEqual([true, true, true, false])
  expect(closed).toEqual(['dialog in the menu', 'dialog', 'preview'])
})

test('what asks first stays open, and is asked again', () => {
  let asked = 0
  const gone = onEscape(() => void asked++)
  closeInnermost()
  closeInnermost()
  expect(asked).toBe(2)
  gone()
  expect(closeInnermost()).toBe(false)
})
