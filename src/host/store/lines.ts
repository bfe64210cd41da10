/**
 * Lines in portions, as chunks of bytes end them; a last line without an end is one, too. A chunk may be used again once the next one is asked
 * for. Throws what `tooLong` makes of the number of lines before one of more than `most` bytes.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  most: number,
  tooLong: (before: number) => Error
): AsyncGenerator<string[]> {
  let rest: Buffer[] = []
  let restBytes = 0
  let before = 0
  for await (const chunk of chunks) {
    const lines: string[] = []
    let from = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      // Nearly all lines lie in one chunk: nothing is put together for them.
      if (restBytes === 0) lines.push(chunk.toString('utf8', from, end))
      else lines.push(Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8'))
      rest = []
      restBytes = 0
      from = end + 1
    }
    before += lines.length
    if (from < chunk.length) {
      rest.push(Buffer.from(chunk.subarray(from)))
      restBytes += chunk.length - from
      if (restBytes > most) throw tooLong(before)
    }
    if (lines.length > 0) yield lines
  }
  if (restBytes > 0) yield [Buffer.concat(rest).toString('utf8')]
}
