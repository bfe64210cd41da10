// PHP's strings are bytes. A byte string here is a text whose characters are all below 256.

/** UTF-8 bytes of a text; lone surrogates become U+FFFD. */
export function toBytes(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text
  let out = ''
  for (const char of text) {
    const found = char.codePointAt(0) ?? 0
    const code = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found
    if (code < 0x80) out += char
    else if (code < 0x800) out += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) {
      out += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    } else {
      out += String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63))
      out += String.fromCharCode(0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    }
  }
  return out
}

/** The text of UTF-8 bytes; a byte that is not UTF-8 stays the character of its number. */
export function fromBytes(bytes: string): string {
  if (/^[\u0000-\u007f]*$/.test(bytes)) return bytes
  try {
    return decodeURIComponent(bytes.replace(/[^A-Za-z0-9]/g, (byte) => `%${hex(byte)}`))
  } catch {
    return bytes
  }
}

const hex = (byte: string): string => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

/** PHP's urlencode over bytes. */
export const urlencode = (bytes: string): string =>
  bytes.replace(/[^A-Za-z0-9_.-]/g, (byte) => (byte === ' ' ? '+' : `%${hex(byte)}`))

/** PHP's urldecode to bytes. */
export const urldecode = (text: string): string =>
  text.replace(/\+/g, ' ').replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of bytes. */
export function base64(bytes: string): string {
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)]
    const word = (a << 16) | ((Number.isNaN(b) ? 0 : b) << 8) | (Number.isNaN(c) ? 0 : c)
    const digits = [18, 12, 6, 0].map((shift) => alphabet[(word >> shift) & 63] ?? '')
    out += digits.slice(0, Number.isNaN(b) ? 2 : Number.isNaN(c) ? 3 : 4).join('') + (Number.isNaN(b) ? '==' : '')
    if (!Number.isNaN(b) && Number.isNaN(c)) out += '='
  }
  return out
}
