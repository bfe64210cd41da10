// Which MISP a workspace was filled from: by what it says itself, or by its lists of triggers and modules.
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { profileIds } from '../../../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../../../src/engine/profiles/profiles.ts'
import { ask, hosting } from '../hosting.ts'

const { open } = hosting()

const take = async (host: Awaited<ReturnType<typeof open>>, answer: unknown) =>
  (await ask(host, 'takeover.import', { name: 'answer.json', text: JSON.stringify(answer) })).find(
    ({ kind }) => kind === 'MISP version'
  )
const said = (version: string): JsonMap => ({ version, pymisp_recommended_version: version, perm_sync: true })
const settings = {
  finalSettings: [{ setting: 'MISP.baseurl', value: 'https://x.test' }],
  version: { current: 'v2.4.198' }
}

/** As /workflows/moduleIndex/type:all lists them. */
const listOf = (profile: ProfileId): readonly unknown[] => {
  const { modules_trigger, modules_logic, modules_action } = modulesOf(profile).list()
  return [...modules_trigger, ...modules_logic, ...modules_action].map((one) => ({ ...one, disabled: false }))
}

describe('the version of the MISP that a workspace is filled from', () => {
  it('is what it says, the nearest profile where it has none, and is shown with what said so', async () => {
    const host = await open()
    expect(await take(host, said('2.5.12'))).toMatchObject({
      ...{ to: 'settings', name: 'MISP 2.5.12' },
      note: expect.stringMatching(/^The workspace is treated as MISP 2\.5\.19\. MISP 2\.5\.12 has no profile/) as string
    })
    expect(host.workspace.info().profile).toMatchObject({
      ...{ profile: '2.5.19', how: 'recognised' },
      evidence: ['It says itself that it is MISP 2.5.12.']
    })
    await take(host, settings)
    expect(host.workspace.info().profile).toMatchObject({ profile: '2.4.198', how: 'recognised' })
  })

  it.each(profileIds)('is told by the lists of %s', async (profile) => {
    const host = await open()
    await take(host, listOf(profile))
    expect(host.workspace.info().profile.profile).toBe(profile)
    // What it says itself is surer, and lists no longer change it.
    await take(host, said('2.5.1'))
    await take(host, listOf(profile))
    expect(host.workspace.info().profile.profile).toBe('2.5.1')
  })

  it('changes nothing where a person chose, or in a workspace from before, but says so', async () => {
    const host = await open()
    await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.5.1' })
    expect(await take(host, said('2.5.30'))).toMatchObject({
      ...{ to: 'nothing', count: 0 },
      note: expect.stringContaining('2.5-newest fits better: Settings › MISP version') as string
    })
    expect(host.workspace.info().profile).toMatchObject({ profile: '2.5.1', how: 'chosen' })
    await host.workspace.saveVersions({})
    await take(host, listOf('2.4.177'))
    expect(host.workspace.info().profile).toMatchObject({ profile: '2.5.1', how: 'before' })
  })

  it('is not told by what is no version, or by a short list', async () => {
    const host = await open()
    for (const odd of [said('newest'), { ...said(''), version: { a: 1 } }, listOf('2.4.177').slice(0, 3)])
      await take(host, odd).catch(() => undefined)
    expect(host.workspace.info().profile.how).toBe('new')
  })
})
