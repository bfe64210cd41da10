// Undo and redo: what a step keeps, and what becomes of the selection.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { travelled, withStep } from '../../../../src/renderer/stores/editor-state.ts'
import type { EditorState } from '../../../../src/renderer/stores/editor-state.ts'
import { graph } from '../../engine/graph/build.ts'

const one = graph({ 1: { module: 'event-publish' } }) as Json
const two = graph({ 1: { module: 'event-publish' }, 2: { module: 'stop-execution' } }) as Json
const named = (name: string): Json => ({ Workflow: { name, data: one } })

const state = (document: Json, more: Partial<EditorState> = {}): EditorState =>
  ({ document, past: [], future: [], selection: new Set(), link: null, refusal: 'no', ...more }) as EditorState

const step = (before: EditorState, document: Json, at = 0, merge: string | null = null): EditorState => ({
  ...before,
  ...withStep(before, { label: 'Change', document, merge, at })
})

describe('undo and redo', () => {
  it('goes back and forth over whole documents', () => {
    const changed = step(state(one), two)
    expect(changed).toMatchObject({ document: two, refusal: null, past: [{ document: one, label: 'Change' }] })
    const back = { ...changed, ...travelled(changed, 'past') }
    expect(back.document).toBe(one)
    expect(back.past).toEqual([])
    const again = { ...back, ...travelled(back, 'future') }
    expect(again.document).toBe(two)
    expect(again.future).toEqual([])
    expect(travelled(again, 'future')).toBeNull()
  })

  it('takes typing in one field as one step, until it pauses or another is typed in', () => {
    const typed = [
      [1000, 'name'],
      [2000, 'name'],
      [4000, 'name'],
      [4100, 'description']
    ].reduce((before, [at, field]) => step(before, named(`${at}`), Number(at), String(field)), state(named('')))
    expect(typed.past.map(({ document }) => document)).toEqual([named(''), named('2000'), named('4000')])
  })

  it('forgets what was taken back once something else is done, and the oldest of very many steps', () => {
    const changed = step(state(one), two)
    const back = { ...changed, ...travelled(changed, 'past') }
    expect(step(back, named('x')).future).toEqual([])
    let many = state(one)
    for (let i = 0; i < 600; i++) many = step(many, named(`${i}`))
    expect(many.past).toHaveLength(500)
    expect(many.past[0]?.document).toEqual(named('99'))
  })

  it('keeps selected what is still there', () => {
    const both = state(two, { selection: new Set(['1', '2']) })
    expect(step(both, one).selection).toEqual(new Set(['1']))
    expect(step(state(two, { selection: both.selection }), two).selection).toBe(both.selection)
  })
})
