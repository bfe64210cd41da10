import { expect, it } from 'vitest'
import { assumeService } from '../../../../src/engine/run/assumed-service.ts'

const assumed = (own: readonly string[], settings = {}) =>
  assumeService([], { profile: '2.5.19', settings, own: new Set(own) }).serviceModules

it('is the same list for all runs that have no modules of their own, so that definitions are made of it once', () => {
  expect(assumed([])).toBe(assumed(['elsewhere']))
  const off = { 'Plugin.Action_services_enable': false }
  expect(assumed([], off)).toBe(assumed([], off))
  expect(assumed([], off).length).toBeLessThan(assumed([]).length)
})

it('leaves out the action modules of the service that the workspace has itself', () => {
  const names = (own: readonly string[]): readonly unknown[] => assumed(own).map(({ name }) => name)
  expect(names([])).toContain('mattermost')
  expect(names(['mattermost'])).toEqual(names([]).filter((name) => name !== 'mattermost'))
})
