// Hostile text must not cost time that grows with its square. Work is counted, not time: see work.ts, which comes first.
import { describe, it } from 'vitest'
import { expectLinear } from './work.ts'
import { maskPost, maskPostTarget } from '../../src/host/capture/mask.ts'
import { createMask } from '../../src/host/worker/mask-run.ts'
import { hideTexts, maskParam, maskUrls } from '../../src/contract/secrets.ts'

const post = (body: unknown, target = '/event-publish/exec/webhook?result=error'): Parameters<typeof maskPost>[0] => ({
  meta: { at: 0, source: 'default', method: 'POST', target, headers: [] },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
})
const secrets = (count: number): string[] => Array.from({ length: count }, (_, i) => `secret-${i}-value`)

describe('masking grows with the length of what is masked', () => {
  it('with many secrets in the parameters of a post', () => {
    const prepare = (n: number): ReturnType<typeof post> =>
      post({ source: { parameters: { token: secrets(n) } }, data: secrets(n).map((text) => ({ text })), errors: [] })
    expectLinear(prepare, (given) => maskPost(given), 300)
  })
  it('with many nodes in an end post', () => {
    const prepare = (n: number): ReturnType<typeof post> => {
      const nodes = secrets(n).map((token) => ({ data: { indexed_params: { token, url: `https://u:${token}@h/` } } }))
      return post({ source: { parameters: {} }, data: { executed_nodes: nodes, blocking_nodes: nodes } })
    }
    expectLinear(prepare, (given) => maskPost(given), 200)
  })
  it('with many errors that repeat many headers', () => {
    const prepare = (n: number): ReturnType<typeof post> => {
      const headers = secrets(n).map((one, i) => `X-${i}: Bearer ${one}`)
      return post({ source: { parameters: { headers: headers.join('\n') } }, errors: secrets(n), data: {} })
    }
    expectLinear(prepare, (given) => maskPost(given), 200)
  })
  it.each(['"', '"a":', '"token":"', '"token": ', '\\"', '"\\', '"token":"x"'])('in what is no JSON: %j', (text) => {
    expectLinear(
      (n) => post(`{${text.repeat(n)}`),
      (given) => maskPost(given),
      1000
    )
  })
  it.each(['a/', '?', '&', '=', '?token=', 'a=b&', '%41', '//', 'a://', '@'])('in a target: %j', (text) => {
    expectLinear(
      (n) => `/${text.repeat(n)}/event-publish/init`,
      (target) => maskPostTarget(target, 'default', ['a-source-secret', 'another-secret']),
      1000
    )
  })
  it.each([
    'a',
    '1',
    ' ',
    '@',
    'a:',
    '://',
    'a://',
    'a://b@',
    '?a',
    '?key',
    '?key=',
    '&a=',
    '/bot',
    '/bot1/',
    '"',
    '\r',
    '\n'
  ])('in URLs: %j', (text) => {
    expectLinear((n) => text.repeat(n), maskUrls, 2000)
    expectLinear(
      (n) => text.repeat(n),
      (given) => maskParam('headers', given),
      2000
    )
  })
  it('when secrets begin and end alike', () => {
    expectLinear(
      (n) => ({ text: 'a'.repeat(4 * n), texts: Array.from({ length: Math.sqrt(n) }, (_, i) => 'a'.repeat(5 + i)) }),
      ({ text, texts }) => hideTexts(text, texts),
      1024
    )
  })
  it('when each node of a run adds a secret and repeats all', () => {
    const prepare = (n: number): Parameters<ReturnType<typeof createMask>>[0][] =>
      secrets(n).map((token, i) => {
        const data = { nodeId: i, params: { token }, errors: [token], message: `not ${token}` }
        return { type: 'node.finished', data } as never
      })
    expectLinear(prepare, (events) => events.map(createMask()), 200)
  })
})
