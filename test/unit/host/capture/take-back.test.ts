import { expect, it } from 'vitest'
import { parsePostLine } from '../../../../src/host/capture/understand/ndjson.ts'
import { CaptureService } from '../../../../src/host/capture/service.ts'
import { postsFile } from '../../../bench/ui-workloads.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()

it('takes a cancelled import back whole, also while segments are being compacted', async () => {
  const listed = new Set<string>()
  const runs = (changed: readonly { readonly id: string }[], removed: readonly string[]): void => {
    for (const { id } of changed) listed.add(id)
    for (const id of removed) listed.delete(id)
  }
  const service = await CaptureService.open(folder(), { segmentBytes: 200_000, events: { runs } })
  const posts = postsFile(3000)
    .split('\n')
    .map((line, i) => parsePostLine(line, 'posts.ndjson', i + 1))
  let compacting: Promise<unknown> = Promise.resolve()
  const check = (): void => {
    if (listed.size < 2000) return
    compacting = service.compact(true)
    throw new Error('cancelled')
  }
  await expect(service.importPosts(posts, { check })).rejects.toThrow('cancelled')
  await compacting
  expect([listed.size, [...service.runs.values()].length, await service.reader.count()]).toEqual([0, 0, 0])
  await service.close()
})
