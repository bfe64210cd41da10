import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { visible, visibleLine } from '../../../src/contract/visible.ts'
import { createElement as shownElement } from '../../../src/renderer/text/create-element.ts'
import { jsx, jsxs } from '../../../src/renderer/text/jsx-runtime.ts'

describe('characters that are not seen', () => {
  it.each([
    ['\u001b[2J', '‹U+001B›[2J'],
    ['\0\u0007\b', '‹U+0000›‹U+0007›‹U+0008›'],
    ['\u007f\u0085', '‹U+007F›‹U+0085›'],
    ['exe.\u202egnp', 'exe.‹U+202E›gnp'],
    ['\u2066a\u2069', '‹U+2066›a‹U+2069›'],
    ['a\u200bb\u200f\ufeff\u00ad', 'a‹U+200B›b‹U+200F›‹U+FEFF›‹U+00AD›'],
    ['tag\u{e0041}', 'tag‹U+E0041›'],
    ['safe\rEVIL\r\nnext\r', 'safe‹U+000D›EVIL\r\nnext‹U+000D›'],
    ['a\u3164b\u115f\u1160\uffa0\u180e', 'a‹U+3164›b‹U+115F›‹U+1160›‹U+FFA0›‹U+180E›'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['\u{1f468}\u200d\u{1f469} ünïcode \u0641\u200c עברית', '\u{1f468}\u200d\u{1f469} ünïcode \u0641\u200c עברית']
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })
  it('of one line are line breaks, too', () => {
    expect(visibleLine('a\r\nb\nc\td\re')).toBe('a⏎b⏎c d⏎e')
  })
})

describe('what the window draws', () => {
  it('is shown also where a key stands behind a spread', () => {
    const drawn = shownElement('p', { title: 'a\u202e', key: 'k' }, 'x\u202e', createElement('b', null, '1'))
    expect(renderToStaticMarkup(drawn)).toBe('<p title="a‹U+202E›">x‹U+202E›<b>1</b></p>')
    expect(renderToStaticMarkup(shownElement('p', { children: 'y\u202e' }))).toBe('<p>y‹U+202E›</p>')
  })

  it('shows them in every text, also in lists and titles, and leaves values of fields as they are', () => {
    const drawn = jsxs('div', {
      title: 'a\u202eb',
      children: [
        'x\u202ey',
        jsx('b', { children: ['1', ['\u001b']] }),
        jsx('input', { value: 'v\u202e', readOnly: true })
      ]
    })
    expect(renderToStaticMarkup(drawn)).toBe(
      '<div title="a‹U+202E›b">x‹U+202E›y<b>1‹U+001B›</b><input readOnly="" value="v\u202e"/></div>'
    )
  })
  it('is the same object where there are none, and components get what they were given', () => {
    const Name = ({ text }: { readonly text: string }) => createElement('i', null, String(text.length))
    const props = { text: 'a\u202e' }
    expect(renderToStaticMarkup(jsx(Name, props))).toBe('<i>2</i>')
    const plain = ['a', 'b']
    expect((jsxs('p', { children: plain }).props as { readonly children: unknown }).children).toBe(plain)
  })
})
