// Which tags of a row are shown where the tree is narrow: whole ones as far as there is room, and how many there are besides.

/** What a tag has around its text, see `.misp-tag`. */
const around = 18
/** `+3`. */
const moreWidth = 30

/** How many of the tags stand whole in so many pixels. One is always shown: what it lacks of the room is cut off its end. */
export function tagsThatFit(widths: readonly number[], room: number, hasMore: boolean): number {
  let left = room
  for (const [i, width] of widths.entries()) {
    const isLast = i === widths.length - 1 && !hasMore
    if (width + around + (isLast ? 0 : moreWidth) > left) return Math.max(1, i)
    left -= width + around
  }
  return widths.length
}

const known = new Map<string, number>()
let canvas: CanvasRenderingContext2D | null | undefined

/** How wide a tag's name is in pixels; names come again and again. */
export function textWidth(text: string): number {
  const before = known.get(text)
  if (before !== undefined) return before
  if (canvas === undefined) {
    canvas = document.createElement('canvas').getContext('2d')
    if (canvas) canvas.font = `11px ${getComputedStyle(document.body).fontFamily}`
  }
  const width = Math.ceil(canvas?.measureText(text).width ?? text.length * 7)
  if (known.size > 2000) known.clear()
  known.set(text, width)
  return width
}
