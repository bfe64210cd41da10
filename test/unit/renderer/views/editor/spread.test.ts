import { describe, expect, it } from 'vitest'
import { spread } from '../../../../../src/renderer/views/editor/spread.ts'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const box = (x: number, y: number, width = 232, height = 92): Box => ({ x, y, width, height })
const moved = (boxes: ReadonlyMap<string, Box>): readonly Box[] => {
  const shifts = spread(boxes, 232)
  return [...boxes].map(([key, one]) => ({
    ...one,
    x: one.x + (shifts.get(key)?.x ?? 0),
    y: one.y + (shifts.get(key)?.y ?? 0)
  }))
}
const overlaps = (boxes: readonly Box[]): number =>
  boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
  ).length

/** Numbers from 0 to 1, the same ones for a seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

describe('making way for fields in nodes', () => {
  it('moves nothing while nothing lies on anything', () => {
    expect(
      spread(
        new Map([
          ['1', box(0, 0)],
          ['2', box(310, 0)],
          ['3', box(310, 126)]
        ]),
        232
      ).size
    ).toBe(0)
  })

  it('keeps the neighbour to the right, and what is below below', () => {
    const boxes = new Map([
      ['wide', box(0, 0, 300, 400)],
      ['right', box(260, 0)],
      ['below', box(0, 126)]
    ])
    const [wide, right, below] = moved(boxes)
    expect(wide).toEqual(boxes.get('wide'))
    expect(right!.x).toBeGreaterThanOrEqual(300)
    expect(right!.y).toBe(0)
    expect(below!.y).toBeGreaterThanOrEqual(400)
    expect(below!.x).toBe(0)
  })

  it('leaves no overlap in any graph', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed)
      const boxes = new Map(
        Array.from({ length: 2 + Math.floor(next() * 40) }, (_, i) => [
          String(i),
          box(
            Math.round(next() * 1500),
            Math.round(next() * 900),
            next() < 0.5 ? 300 : 232,
            Math.round(60 + next() * 500)
          )
        ])
      )
      expect(`seed ${seed}: ${overlaps(moved(boxes))}`).toBe(`seed ${seed}: 0`)
    }
  })
})
