// Posts that runs are made of and that are in no file any more: somebody moved or removed one under capture/.
import type { PostsOfFile } from './segments-reader.ts'
import { fileOf } from '../group/accounts.ts'
import type { CapturedRun } from '../derive/captured-run.ts'
import { plural } from '../../../contract/words.ts'

/** What is missing, in words; null when nothing is. `files`: numbers of the first and last post of each, ascending. */
export function lostPosts(
  runs: Iterable<Pick<CapturedRun, 'id' | 'posts'>>,
  files: readonly Pick<PostsOfFile, 'first' | 'last'>[]
): string | null {
  let [posts, from, to] = [0, Infinity, 0]
  const concerned: string[] = []
  for (const run of runs) {
    const before = posts
    for (const [seq] of run.posts) {
      if (fileOf(files, seq) >= 0) continue
      posts++
      from = Math.min(from, seq)
      to = Math.max(to, seq)
    }
    if (posts > before) concerned.push(run.id)
  }
  if (posts === 0) return null
  const names = concerned.length > 5 ? `${concerned.slice(0, 5).join(', ')}, …` : concerned.join(', ')
  return (
    `A file is missing under capture/: ${plural(posts, 'post')} between ${from} and ${to}, of ${plural(concerned.length, 'run')} (${names}). ` +
    'These runs are incomplete. Put the file back and restart Retrace.'
  )
}
