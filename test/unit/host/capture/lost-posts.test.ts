import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { lostPosts } from '../../../../src/host/capture/journal/lost-posts.ts'
import { postsFile } from '../../../bench/ui-workloads.ts'
import { ask, hosting } from '../hosting.ts'

const { open, folder } = hosting()
const run = (id: string, ...posts: number[]) => ({ id, posts: posts.map((seq) => [seq, 0] as const) })

it('finds nothing missing where every post is in a file', () => {
  expect(
    lostPosts(
      [run('a', 1, 4, 5), run('b', 9)],
      [
        { first: 1, last: 5 },
        { first: 9, last: 9 }
      ]
    )
  ).toBeNull()
  expect(lostPosts([], [])).toBeNull()
})

it('names the runs whose posts are in no file', () => {
  expect(
    lostPosts(
      [run('a', 1, 6), run('b', 7, 12), run('c', 2)],
      [
        { first: 1, last: 5 },
        { first: 9, last: 11 }
      ]
    )
  ).toContain('3 posts between 6 and 12, of 2 runs (a, b)')
})

it('is said when a workspace is opened without one of its files', async () => {
  const workspace = folder()
  const first = await open(workspace)
  await ask(first, 'capture.import', { name: 'posts.ndjson', text: postsFile(3) })
  await first.close()
  const capture = join(workspace, 'capture')
  const segment = readdirSync(capture).find((name) => name.endsWith('.seg')) as string
  renameSync(join(capture, segment), join(workspace, segment))
  const second = await open(workspace)
  await vi.waitFor(async () => {
    const { problems } = await ask(second, 'workspace.info', {})
    expect(problems.map(({ message }) => message).join()).toContain('6 posts between 1 and 6, of 3 runs')
  })
})
