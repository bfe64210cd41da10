import { describe, expect, it } from 'vitest'
import { answeredBy, answerWord, changeInWords } from '../../../../src/renderer/step/effect-text.ts'

const mail = { kind: 'mail', to: 'a@example.org', subject: 's', text: 't' } as const

describe('effects in words', () => {
  it('never calls something sent that was only recorded', () => {
    expect(answerWord({ by: 'record', answer: { sent: true } }).label).toBe('assumed')
    expect(answerWord({ by: 'record', answer: { status: 200, body: '' } }).label).toBe('200 assumed')
    expect(answerWord({ by: 'live', answer: { sent: true } }).label).toBe('sent')
    expect(answeredBy({ by: 'record', effect: mail, answer: { sent: true } }).label).toBe('not sent')
    expect(answeredBy({ by: 'live', effect: mail, answer: { sent: true } }).tone).toBe('live')
    const refused = { failure: 'refused', message: 'm' } as const
    expect(answeredBy({ by: 'live', effect: mail, answer: refused }).text).toContain('could not be delivered')
    expect(answeredBy({ by: 'mock', effect: mail, answer: { sent: true } }).tone).toBe('mock')
  })

  it('marks failures and error statuses', () => {
    expect(answerWord({ by: 'live', answer: { status: 503, body: '' } })).toEqual({ label: '503', tone: 'failure' })
    expect(answerWord({ by: 'mock', answer: { failure: 'timeout', message: 'm' } }).tone).toBe('failure')
  })

  it('names what was attached to what', () => {
    const row = { id: '1', event_id: '12', tag_id: '6', local: '1' }
    const change = { table: 'event_tags', op: 'added', row } as const
    expect(changeInWords({ change, names: { tag_id: 'tlp:red', event_id: 'Phishing' } })).toBe(
      'Attached tag tlp:red to event 12 “Phishing” (local)'
    )
    expect(changeInWords({ change })).toBe('Attached tag #6 to event 12 (local)')
  })

  it('tells changed columns before and after', () => {
    const fields = { to_ids: ['1', '0'], comment: ['', 'seen'] } as const
    const change = { table: 'attributes', op: 'changed', id: '7', fields } as const
    expect(changeInWords({ change, names: { attribute_id: 'ip-dst 198.51.100.4' } })).toBe(
      'Changed attribute 7 “ip-dst 198.51.100.4”: to_ids 1 → 0; comment “” → seen'
    )
  })
})
