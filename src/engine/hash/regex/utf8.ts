// UTF-8 without TextEncoder, which the engine does not have.

const isAscii = /^[\0-\x7f]*$/

/** The bytes of a text. */
export const toUtf8 = (text: string): Uint8Array => {
  if (isAscii.test(text)) {
    const bytes = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
    return bytes
  }
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(bytes)
}

/** The text of bytes; what is no UTF-8 becomes U+FFFD. */
export const fromUtf8 = (bytes: readonly number[]): string => {
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] as number
    const size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
    const tail = bytes.slice(i + 1, i + size)
    if (size === 0 || tail.length !== size - 1 || tail.some((byte) => (byte & 0xc0) !== 0x80)) {
      text += '\ufffd'
      i++
      continue
    }
    const head = size === 1 ? first : first & (0xff >> (size + 1))
    text += String.fromCodePoint(tail.reduce((code, byte) => (code << 6) | (byte & 63), head))
    i += size
  }
  return text
}
