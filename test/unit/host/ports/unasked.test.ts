// What is said of a target before a person has confirmed anything: no name server is asked.
import { afterEach, describe, expect, it, vi } from 'vitest'

const asked: string[] = []
vi.mock('node:dns/promises', () => ({
  lookup: (name: string) => {
    asked.push(name)
    return Promise.resolve([{ address: '93.184.216.34', family: 4 }])
  }
}))
const { refusalOf } = await import('../../../../src/host/ports/live.ts')

const effect = (url: string) => ({ kind: 'http', method: 'POST', url, headers: [], body: '' }) as const
const config = (http: { readonly allow?: readonly string[]; readonly onlyAllowed?: boolean } = {}) =>
  ({ http: { allow: [], onlyAllowed: false, ...http } }) as unknown as Parameters<typeof refusalOf>[1]
afterEach(() => expect(asked).toEqual([]))

describe('what is known of a target before it is asked', () => {
  it.each([
    ['https://hooks.example.org/x', {}, null],
    ['http://127.0.0.1:8080/', {}, 'this machine'],
    ['http://0x7f.1/', {}, 'this machine'],
    ['http://[::1]/', {}, 'this machine'],
    ['http://api.localhost/', {}, 'this machine'],
    ['http://10.1.2.3/', {}, 'a private network'],
    ['http://10.1.2.3/', { allow: ['10.0.0.0/8'] }, null],
    ['https://hooks.example.org/x', { onlyAllowed: true }, 'not on the workspace’s list'],
    ['https://hooks.example.org/x', { onlyAllowed: true, allow: ['hooks.example.org'] }, null],
    // What it stands for may be in that network: nobody knows before it is asked.
    ['https://hooks.example.org/x', { onlyAllowed: true, allow: ['10.0.0.0/8'] }, null],
    ['nonsense', {}, 'cannot be read']
  ])('%s %j', (url, http, refused) => {
    const told = refusalOf(effect(url), config(http))
    if (refused === null) expect(told).toBeNull()
    else expect(told).toContain(refused)
  })
})
