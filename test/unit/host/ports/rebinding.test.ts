// A name that answers with a public address first and a private one when it is connected to, or with both.
import { afterEach, describe, expect, it, vi } from 'vitest'

const answers: { readonly address: string; readonly family: number }[][] = []
vi.mock('node:dns/promises', () => ({
  lookup: () => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0]) ?? [])
}))
const { AddressGuard } = await import('../../../../src/host/ports/guard.ts')
const { performHttp } = await import('../../../../src/host/ports/http.ts')

const effect = (url: string) => ({ kind: 'http', method: 'GET', url, headers: [], body: '' }) as const
const guard = new AddressGuard({ allow: [], onlyAllowed: false })
const ask = (url: string) => performHttp(effect(url), { guard, timeoutSeconds: 5 })
afterEach(() => void answers.splice(0))

describe('a name that changes its address', () => {
  it.each([
    ['127.0.0.1', 4, 'this machine'],
    ['169.254.169.254', 4, 'the metadata service of clouds'],
    ['10.0.0.8', 4, 'a private network'],
    ['::1', 6, 'this machine'],
    ['::ffff:192.168.0.9', 6, 'a private network']
  ])('is checked again at the connection, which goes nowhere else: %s', async (address, family, what) => {
    answers.push([{ address: '93.184.216.34', family: 4 }], [{ address, family }])
    expect(await ask('http://rebind.example.org:9/')).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining(`rebind.example.org (${address}) is ${what}`) as string
    })
  })

  it('is refused when one of its addresses is private', async () => {
    answers.push([
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.8', family: 4 }
    ])
    expect(await ask('http://both.example.org/')).toMatchObject({ failure: 'unavailable' })
  })
})

describe('an address in another spelling', () => {
  it.each([
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://0.0.0.0/',
    'http://0/',
    'http://[::]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://user@127.0.0.1/'
  ])('is refused: %s', async (url) => expect(await ask(url)).toMatchObject({ failure: 'unavailable' }))
})
