import { beforeEach, describe, expect, it } from 'vitest'
import { draftOf, dropDraft, keepDraft, unsaved } from '../../../../src/renderer/stores/unsaved.ts'

const count = (): number => unsaved.getState().drafts.size

describe('what is not saved', () => {
  beforeEach(() => unsaved.setState({ drafts: new Map() }))

  it('is kept by what it is for, until it is dropped', () => {
    keepDraft('run-with/c-1', { url: 'a' }, { url: '' })
    keepDraft('run-with/c-2', { url: 'b' }, { url: '' })
    expect(draftOf('run-with/c-1')).toEqual({ value: { url: 'a' } })
    dropDraft('run-with/c-1')
    expect([draftOf('run-with/c-1'), count()]).toEqual([undefined, 1])
  })

  it('is nothing once it is as what is saved', () => {
    keepDraft('settings/live', { port: 1 }, { port: 2 })
    expect(count()).toBe(1)
    keepDraft('settings/live', { port: 2 }, { port: 2 })
    expect(count()).toBe(0)
  })

  it('may be null or empty where something else is saved', () => {
    keepDraft<string | null>('mocks', null, 'guard')
    expect(draftOf('mocks')).toEqual({ value: null })
    keepDraft<string | null>('mocks', '', 'guard')
    expect(draftOf('mocks')).toEqual({ value: '' })
  })

  it('tells nobody when nothing changed', () => {
    let told = 0
    const stop = unsaved.subscribe(() => told++)
    dropDraft('gone')
    keepDraft('same', 1, 1)
    stop()
    expect(told).toBe(0)
  })
})
