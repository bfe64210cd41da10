// How deep a JSON text nests, told before it is parsed: JSON.parse takes seconds for a megabyte of brackets, and cannot be stopped.

/** Shorter texts are parsed in a moment, however deep. */
const shortText = 64 * 1024

/** Whether lists and maps nest deeper; of a short text only if `always`, for there it does not matter. What is no JSON may be told either way. */
export function nestsDeeper(text: string, levels: number, always = false): boolean {
  if (text.length <= (always ? levels : Math.max(levels, shortText))) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) {
      at = text.indexOf('"', at + 1)
      while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
      if (at < 0) return false
    } else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > levels) return true
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
  return false
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 1
}
