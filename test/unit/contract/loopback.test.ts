import { BlockList, isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isLoopback } from '../../../src/contract/loopback.ts'
import { seeded } from '../../attack/scale.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
const inNode = (host: string): boolean =>
  isIP(host) === 0 ? host === 'localhost' : loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:7f00:1', true],
    ['localhost', true],
    ['127.evil.example', false],
    ['127.0.0.1.example.org', false],
    ['127.1', false],
    ['127.0.0.256', false],
    ['[::1]', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::1:0', false],
    ['0.0.0.0::1', false],
    ['localhost.example.org', false],
    ['', false]
  ])('tells %s as Node does', (host, expected) => {
    expect([host, isLoopback(host)]).toEqual([host, expected])
    expect([host, inNode(host)]).toEqual([host, expected])
  })

  it('agrees with Node on addresses made at random', () => {
    const next = seeded(41)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
    const parts = ['0', '1', '00', '7f00', 'ffff', ':', '::', '127.0.0.1', '.', '256', '0000', '']
    for (let i = 0; i < 3000; i++) {
      const host = Array.from({ length: 1 + Math.floor(next() * 9) }, () => pick(parts)).join(pick([':', '', '.']))
      expect([host, isLoopback(host)]).toEqual([host, inNode(host)])
    }
  })
})
