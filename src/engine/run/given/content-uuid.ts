/** A UUID made of a text: the same text, the same UUID. */
export function uuidOf(text: string): string {
  const hex = seeds.map((seed) => hash(text, seed).toString(16).padStart(8, '0')).join('')
  const variant = (parseInt(hex.charAt(16), 16) & 3) | 8
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant.toString(16)}${hex.slice(17, 20)}`,
    hex.slice(20)
  ].join('-')
}

const seeds = [0x811c9dc5, 0x01234567, 0x89abcdef, 0x7f4a7c15]

/** FNV-1a with a last mixing, so that texts which differ in one letter differ everywhere. */
function hash(text: string, seed: number): number {
  let value = seed
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value ^= value >>> 15
  value = Math.imul(value, 0x85ebca6b)
  value ^= value >>> 13
  value = Math.imul(value, 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
