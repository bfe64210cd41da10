import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../../src/engine/modules/implementations.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { lineage, profileFor, profileIds, profiles } from '../../../../src/engine/profiles/profiles.ts'
import { nearestProfile } from '../../../../src/host/worker/runs/run-input.ts'

describe('profiles', () => {
  it('stand under their own names, and extend the base', () => {
    for (const id of profileIds) {
      expect(profiles[id].id).toBe(id)
      expect(lineage[id][0]).toBe(id)
      expect(lineage[id].at(-1)).toBe('2.5.1')
    }
  })

  it('are found by name and by the version of MISP, without a word where it is their own', () => {
    for (const id of profileIds) expect(profileFor(id)).toEqual({ profile: id, note: '' })
    expect(profileFor('v2.4.198')).toEqual({ profile: '2.4.198', note: '' })
  })

  it.each([
    ['2.4.208', '2.5.19'],
    ['2.4.199', '2.4.198'],
    ['2.4.180', '2.4.177'],
    ['2.4.120', '2.4.177'],
    ['2.5.0', '2.5.1'],
    ['2.5.3', '2.5.1'],
    ['2.5.17', '2.5.19'],
    ['2.5.33', '2.5-newest'],
    ['3.0.0', '2.5-newest']
  ])('take the nearest one for %s, and say so', (version, profile) => {
    const found = profileFor(version)
    expect(found?.profile).toBe(profile)
    expect(found?.note).toContain(version)
    expect(found?.note).toContain(profile)
  })

  it.each(['', '2.5', 'newest', '__proto__', '2.5.1.x'.repeat(50), '99999.1.1'])('know nothing of %j', (given) => {
    expect(profileFor(given)).toBeNull()
  })

  it('that are unknown are refused with the list of those that there are', () => {
    expect(() => nearestProfile('2.6')).toThrow(
      expect.objectContaining({ code: 'PROFILE_UNKNOWN', message: expect.stringContaining(profileIds.join(', ')) })
    )
  })
})

describe('the modules of a profile', () => {
  it('are built once', () => {
    for (const id of profileIds) {
      expect(modulesOf(id)).toBe(modulesOf(id))
      expect(codeOf(id)).toBe(codeOf(id))
    }
  })

  it('all have code', () => {
    for (const id of profileIds)
      for (const list of Object.values(modulesOf(id).list()) as ReturnType<
        ReturnType<typeof modulesOf>['list']
      >['modules_action'][])
        for (const definition of list)
          expect(codeOf(id).execute(definition), `${id} ${definition.id}`).toBeTypeOf('function')
  })
})
