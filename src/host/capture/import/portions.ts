import type { ImportedPost } from '../understand/understand.ts'

/** As many as the journal writes at once. */
const mostPosts = 300
const mostBytes = 1024 * 1024

/** Posts one by one, or lists of them: handing each over for itself takes longer than storing it. */
export type Imported = AsyncIterable<ImportedPost | readonly ImportedPost[]> | Iterable<ImportedPost>

/** Posts in lists that are stored together: a write for each, and the looks at the folder before it, take longer than all else of a short post. */
export async function* inPortions(posts: Imported): AsyncGenerator<readonly ImportedPost[]> {
  let portion: ImportedPost[] = []
  let bytes = 0
  for await (const some of posts) {
    for (const post of 'body' in some ? [some] : some) {
      portion.push(post)
      bytes += post.body.length
      if (portion.length < mostPosts && bytes < mostBytes) continue
      yield portion
      portion = []
      bytes = 0
    }
  }
  if (portion.length > 0) yield portion
}
