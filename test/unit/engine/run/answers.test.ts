import { describe, expect, it } from 'vitest'
import { packAnswers, unpackAnswers } from '../../../../src/engine/run/surroundings/answers.ts'
import { scale, seeded } from '../../../attack/scale.ts'

const answer = (n: number) => ({ nodeId: n, kind: 'http', answer: { status: 200, body: `${n}` }, by: 'record' })
const plain = (list: readonly Told[]): readonly Told[] =>
  list.map((one) => {
    if (typeof one === 'number') return one
    const { copies: _copies, ...rest } = one
    return rest
  })
type Told = Parameters<typeof packAnswers>[0][number]

describe('answers of runs that were fired', () => {
  it('are told once where they come again and again', () => {
    const all: Told[] = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 2 ? i % 2 : answer(i % 3)))
    const packed = packAnswers(all)
    expect(packed.length).toBeLessThan(20)
    expect(plain(unpackAnswers(packed))).toEqual(all)
  })

  it('come back in their order, whatever that is', () => {
    for (let seed = 1; seed <= scale(200, 5000); seed++) {
      const random = seeded(seed)
      const kinds = 1 + Math.floor(random() * 6)
      const all = Array.from({ length: Math.floor(random() * 60) }, (): Told => {
        const n = Math.floor(random() * kinds)
        return random() < 0.2 ? n : answer(n)
      })
      expect(plain(unpackAnswers(packAnswers(all))), `seed ${seed}`).toEqual(all)
    }
  })

  it('are one value or only equal ones, as they were', () => {
    const mocked = { status: 200, body: 'mocked' }
    const listed = { status: 200, headers: [['a', 'b']] } as never
    const all: Told[] = Array.from({ length: 40 }, (_, i) => {
      const own = [mocked, { status: 200, body: 'own' }, { status: 200, headers: [['a', 'b']] }, listed][i % 4] as never
      return { ...answer(1), answer: own }
    })
    const places = (list: readonly Told[]): readonly number[] => {
      const known: object[] = []
      return list.map((one) => {
        const object = typeof one === 'number' ? {} : one.answer
        if (!known.includes(object)) known.push(object)
        return known.indexOf(object)
      })
    }
    expect(places(unpackAnswers(packAnswers(all)))).toEqual(places(all))
    const seen = { status: 200, body: 'seen' }
    const same: Told[] = [answer(2), { ...answer(1), answer: seen }, { ...answer(1), answer: { ...seen } }]
    const [, first, second] = unpackAnswers(packAnswers(same, (one) => one === seen)) as readonly {
      readonly answer: object
    }[]
    expect([first?.answer === seen, second?.answer === seen]).toEqual([true, false])
  })

  it('of a reference that leads nowhere are none', () => {
    expect(unpackAnswers([1, [5, 3], answer(1)])).toEqual([1, answer(1)])
  })
})
