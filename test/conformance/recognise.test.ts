// Posts and workflows as each version recorded them point to that version, or to none.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../src/contract/json.ts'
import { scale } from '../attack/scale.ts'
import { recognise, tracesOf, tracesOfLists } from '../../src/engine/check/recognise.ts'
import { workflowGraph } from '../../src/engine/graph/document.ts'
import { profileIds } from '../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { parsePost } from '../../src/host/capture/understand/post-parse.ts'
import { recognisePosts, tracesOfPosts } from '../../src/host/capture/understand/recognise-posts.ts'

interface Recorded {
  readonly id: string
  readonly workflow: JsonMap
  readonly requests: readonly { readonly path: string; readonly query: string; readonly body: JsonMap }[]
}

const shared = join(import.meta.dirname, '..', '..', '..', 'shared')
const folders: readonly (readonly [folder: string, profile: ProfileId])[] = [
  ['vectors-newest', '2.5-newest'],
  ['vectors', '2.5.1'],
  ['vectors-2.4.198', '2.4.198'],
  ['vectors-2.4.177', '2.4.177']
]

const recordedIn = (folder: string): readonly Recorded[] => {
  const runs = join(shared, folder, 'runs')
  return readdirSync(runs)
    .filter((name) => name.endsWith('.json'))
    .filter((_, i) => i % scale(4, 1) === 0)
    .map((name) => JSON.parse(readFileSync(join(runs, name), 'utf8')) as Recorded)
}

const postsOf = ({ requests }: Recorded) =>
  requests.map(({ path, query, body }) =>
    parsePost({ headers: [], target: `${path}?${query}` }, Buffer.from(JSON.stringify(body)))
  )

const rowsIn = (value: unknown): JsonMap[] =>
  Array.isArray(value)
    ? value.flatMap(rowsIn)
    : typeof value === 'object' && value !== null
      ? 'module_type' in value && 'id' in value
        ? [value as JsonMap]
        : Object.values(value).flatMap(rowsIn)
      : []

describe.skipIf(!existsSync(join(shared, 'vectors-newest')))('recorded lists of modules', () => {
  it.each([...folders, ['vectors-newest', '2.5.19'] as const])('%s are told to be of %s', (folder, profile) => {
    const file = profile === '2.5.19' ? 'catalog-2.5.19.json' : 'catalog.json'
    const rows = rowsIn(JSON.parse(readFileSync(join(shared, folder, file), 'utf8')))
    for (const anyhow of profileIds) expect(recognise(tracesOfLists(rows), anyhow).profile, anyhow).toBe(profile)
  })
})

describe.skipIf(!existsSync(join(shared, 'vectors-newest')))('recorded runs', () => {
  it.each(folders)('of %s never point away from %s', (folder, profile) => {
    const wrong: string[] = []
    for (const run of recordedIn(folder)) {
      const against = tracesOfPosts(postsOf(run)).filter(({ profiles, isOld }) => !isOld && !profiles.includes(profile))
      if (against.length > 0) wrong.push(`${run.id}: ${against.map(({ text }) => text).join(' ')}`)
    }
    expect(wrong).toEqual([])
  })

  it.each(folders)('of %s are recognised or left as they are, whatever the workspace has', (folder, profile) => {
    const close = new Set<string>(
      profile.startsWith('2.5.1') || profile === '2.4.198'
        ? ['2.5-newest', '2.5.19', '2.5.1', '2.4.198']
        : profile === '2.5-newest'
          ? ['2.5-newest', '2.5.19']
          : ['2.4.177']
    )
    for (const run of recordedIn(folder))
      for (const anyhow of profileIds) {
        const found = recognisePosts(postsOf(run), anyhow)
        if (found.isOther) expect(close, `${run.id} in ${anyhow}`).toContain(found.profile)
        const graph = recognise(tracesOf(workflowGraph(run.workflow)), anyhow)
        if (graph.isOther) expect(graph.traces.length, run.id).toBeGreaterThan(0)
      }
  })
})
