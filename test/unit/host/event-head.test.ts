import { describe, expect, it } from 'vitest'
import { eventHead } from '../../../src/host/store/event-head.ts'

const own = { uuid: 'own', info: 'The event', id: '7' }

describe('the event that a file begins with', () => {
  it('is told by its own fields, not by those of its organisation, attributes or related events', () => {
    const around = {
      Orgc: { uuid: 'org', id: '1', name: 'CIRCL' },
      Attribute: [{ uuid: 'attribute', id: '2', comment: 'with "info": "no" in it' }],
      RelatedEvent: [{ Event: { uuid: 'related', info: 'Another', id: '3' } }]
    }
    const told = { ...own, isAlone: true }
    expect(eventHead(JSON.stringify({ Event: { ...around, ...own } }))).toEqual(told)
    expect(eventHead(JSON.stringify({ Event: { ...own, ...around } }, null, 4))).toEqual(told)
    expect(eventHead(JSON.stringify({ ...around, ...own }))).toEqual(told)
    expect(eventHead(JSON.stringify({ response: { Event: { ...around, ...own } } }))).toEqual(told)
  })

  it('is the first one of a list', () => {
    const two = [{ Event: own }, { Event: { ...own, info: 'The second', uuid: 'second' } }]
    const told = { ...own, isAlone: false }
    expect(eventHead(JSON.stringify(two))).toEqual(told)
    expect(eventHead(JSON.stringify({ response: two }))).toEqual(told)
    expect(eventHead(JSON.stringify([own, { info: 'The second' }]))).toEqual(told)
  })

  it('is told as far as the text goes', () => {
    const text = JSON.stringify({ Event: { Attribute: [{ uuid: 'attribute' }], ...own } })
    expect(eventHead(text.slice(0, text.indexOf('own') - 1))).toEqual({
      id: null,
      uuid: null,
      info: null,
      isAlone: true
    })
    expect(eventHead(text.slice(0, text.indexOf('The event') + 3))).toMatchObject({ uuid: 'own', info: null })
    expect(eventHead('')).toEqual({ id: null, uuid: null, info: null, isAlone: true })
    expect(eventHead('{"Event":{"info":"a \\"quoted\\" \\u00e9"}}').info).toBe('a "quoted" é')
  })
})
