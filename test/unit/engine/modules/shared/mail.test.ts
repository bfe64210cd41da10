import { describe, expect, it } from 'vitest'
import { mailText } from '../../../../../src/engine/modules/shared/mail.ts'

describe('the text of a mail', () => {
  it('has \\n for every line end and no empty lines at its end', () => {
    expect(mailText('a\r\nb\rc\n\n')).toBe('a\nb\nc')
  })

  it('is cut into lines of at most 998 bytes', () => {
    const text = mailText(`${'a'.repeat(600)} ${'b'.repeat(600)} ${'c'.repeat(1500)}`)
    expect(text.split('\n').map((line) => line.length)).toEqual([600, 600, 998, 502])
  })

  it('is empty for a body that PHP calls empty', () => {
    expect(mailText('0')).toBe('')
  })
})
