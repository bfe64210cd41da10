// Posts that runs are made of and that are in no file any more: somebody moved or removed one under capture/.
import type { CapturedRun } from './captured-run.ts'

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** What is missing, in words; null when nothing is. `ranges`: numbers of the first and last post of each file, ascending. */
export function lostPosts(
  runs: Iterable<Pick<CapturedRun, 'id' | 'posts'>>,
  ranges: readonly (readonly [first: number, last: number])[]
): string | null {
  const isThere = (seq: number): boolean => {
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ranges[middle]?.[1] ?? 0) < seq) low = middle + 1
      else high = middle
    }
    return (ranges[low]?.[0] ?? Infinity) <= seq
  }
  let [posts, from, to] = [0, Infinity, 0]
  const concerned: string[] = []
  for (const run of runs) {
    const before = posts
    for (const [seq] of run.posts) {
      if (isThere(seq)) continue
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
    'These runs show what is left. Put the file back and start Retrace again.'
  )
}
