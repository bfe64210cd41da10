// How a secret may stand in a text that somebody else wrote: an answer that repeats a request, an error of a library, a URL, a log line.

/** UTF-8, as numbers; null for what is no text. */
function bytesOf(text: string): readonly number[] | null {
  try {
    const encoded = encodeURIComponent(text)
    const bytes: number[] = []
    for (let i = 0; i < encoded.length; i++) {
      const isEscape = encoded[i] === '%'
      bytes.push(isEscape ? parseInt(encoded.slice(i + 1, i + 3), 16) : encoded.charCodeAt(i))
      if (isEscape) i += 2
    }
    return bytes
  } catch {
    // Half of a pair of surrogates.
    return null
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What of base64 is the secret's alone when `before` bytes (mod 3) stand before it: not the characters that its neighbours share. */
function base64Inside(bytes: readonly number[], before: number): string {
  const bits = before * 8
  const first = Math.ceil(bits / 6)
  const last = Math.floor((bits + bytes.length * 8) / 6)
  const bitAt = (at: number): number => {
    const own = at - bits
    return (bytes[own >> 3]! >> (7 - (own & 7))) & 1
  }
  let text = ''
  for (let i = first; i < last; i++) {
    let value = 0
    for (let bit = 0; bit < 6; bit++) value = (value << 1) | bitAt(i * 6 + bit)
    text += digits[value]!
  }
  return text
}

const percent = (text: string): readonly string[] => {
  try {
    const upper = encodeURIComponent(text)
    // PHP's rawurlencode() and urlencode() write more of them.
    const php = upper.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    const lower = (encoded: string): string => encoded.replace(/%../g, (escape) => escape.toLowerCase())
    return [upper, php, lower(upper), lower(php), php.replaceAll('%20', '+')]
  } catch {
    return []
  }
}

const json = (text: string): readonly string[] => {
  const plain = JSON.stringify(text).slice(1, -1)
  const ascii = plain.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')]
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Shorter pieces of base64 stand in too many texts. */
const shortestPiece = 8
const longestEncoded = 4096

/** The secret as it is, in URLs, in JSON, in HTML and inside of base64. */
export function formsOf(secret: string): readonly string[] {
  if (secret.length > longestEncoded) return [secret]
  const bytes = bytesOf(secret)
  const base64 = bytes === null ? [] : [0, 1, 2].map((before) => base64Inside(bytes, before))
  const pieces = base64
    .flatMap((piece) => [piece, piece.replaceAll('+', '-').replaceAll('/', '_')])
    .filter((piece) => piece.length >= shortestPiece)
  const end = secret.length >= 20 && cutFrom(secret.slice(-12)) !== null ? [secret.slice(-12)] : []
  return [
    ...new Set([
      secret,
      ...percent(secret),
      ...json(secret),
      html(secret),
      html(secret).replaceAll("'", '&#39;'),
      ...pieces,
      ...end
    ])
  ]
}

const shortestCut = 8
const longestStart = 16

/**
 * A text that was cut short may hold only the beginning of a key: from how many characters on that is hidden, too. Null for what
 * begins as words do.
 */
export function cutFrom(secret: string): number | null {
  if (secret.length < 12) return null
  for (let length = shortestCut; length <= Math.min(longestStart, secret.length); length++) {
    const start = secret.slice(0, length)
    if (!/^[\w.+/=-]+$/.test(start)) return null
    if (/\d/.test(start) && /[A-Za-z]/.test(start)) return length
  }
  return null
}
