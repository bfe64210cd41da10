/** The JSON texts of a text in which one stands after the other, on one line each or on many. One that has no end, or no beginning, comes last. */
export function* jsonTexts(text: string): Generator<string> {
  const sign = /["{}[\]]/g
  let depth = 0
  let from = 0
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '"') sign.lastIndex = endOfString(text, found.index)
    else if (found[0] === '{' || found[0] === '[') {
      if (depth++ === 0) from = found.index
    } else if (--depth === 0) yield text.slice(from, sign.lastIndex)
    if (depth < 0) return yield text.slice(found.index)
  }
  if (depth > 0) yield text.slice(from)
}

function endOfString(text: string, from: number): number {
  let at = from
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) return text.length
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
  }
}
