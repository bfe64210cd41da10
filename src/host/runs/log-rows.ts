// Some rows of a run's file, which may be hundreds of megabytes: of those that hold data only the beginning is looked at.
import { openRegular } from '../store/reading.ts'

const headBytes = 300

/** The first row whole, and of the others those whose first 300 bytes are `wanted`; of the rest that beginning. */
export async function* rowsOf(file: string, name: string, wanted: (head: string) => boolean): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  let whole = true
  const take = (part: Buffer): void => {
    if (!whole) return
    parts.push(part)
    size += part.length
    if (size < headBytes || first) return
    const row = Buffer.concat(parts)
    whole = wanted(row.toString('utf8', 0, headBytes))
    parts = [whole ? row : row.subarray(0, headBytes)]
  }
  let first = true
  const handle = await openRegular(file, { name })
  if (handle === null) return
  for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at))
      yield Buffer.concat(parts).toString('utf8')
      ;[parts, size, whole, first] = [[], 0, true, false]
      from = at + 1
    }
    if (from < chunk.length) take(chunk.subarray(from))
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8')
}
