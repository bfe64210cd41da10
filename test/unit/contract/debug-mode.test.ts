import { describe, expect, it } from 'vitest'
import { debugHazard } from '../../../src/contract/debug-mode.ts'

const post = (trigger: string, isNew: boolean, source = 'default') => ({
  ...{ source, trigger, isNew },
  at: '2024-10-21T12:00:00.000Z'
})

describe('the hazard of debug mode', () => {
  it('says of what its number is, what fails, and what to do', () => {
    const { known, advice } = debugHazard({
      posted: [post('event-publish', true), post('event-after-save', true), post('user-before-save', false)],
      saved: ['event-publish']
    })
    expect(known).toBe(
      '2 workflows of this MISP had debug mode on when they posted since this start (event-publish, event-after-save).'
    )
    expect(advice).toMatch(
      /^Switch it off in MISP before you close Retrace, or run “retrace listen” in its place: .*fail/
    )
  })

  it('counts what posted before this start, or is saved so, only where nothing newer is known', () => {
    const before = [post('event-publish', false), post('event-publish', false, 'prod')]
    expect(debugHazard({ posted: before, saved: [] }).known).toBe(
      '2 workflows of 2 sources had debug mode on when they posted before this start (event-publish).'
    )
    expect(debugHazard({ posted: [], saved: ['a', 'b', 'c', 'd', 'e'] }).known).toBe(
      '5 workflows of this workspace have debug mode on as imported or saved here (a, b, c, d and 1 other).'
    )
    const nothing = debugHazard({ posted: [], saved: [] })
    expect(nothing.known).toBeNull()
    expect(nothing.advice).toContain('the debug mode of workflows')
  })
})
