// Inputs far beyond their limits are refused with a code that names them, before they cost what their size suggests.
import { describe, expect, it } from 'vitest'
import { expectLinear, workOf } from './work.ts'
import { scale } from './scale.ts'
import { maxNodes, refuseManyNodes, type TextOf } from '../../src/engine/graph/count-nodes.ts'
import { parseWorkflow } from '../../src/engine/graph/parse.ts'
import { decodeJson } from '../../src/engine/php/decode.ts'
import { findJsonError } from '../../src/engine/php/json-error.ts'
import { overflowsMemory } from '../../src/host/store/json-memory.ts'
import { parseBytes } from '../../src/host/worker/runs/input.ts'

const nodes = (count: number): string =>
  Array.from({ length: count }, (_, i) => `"${i + 1}":{"id":${i + 1},"data":{"id":"stop-execution"}}`).join(',')

const texts: Readonly<Record<string, readonly [root: TextOf, (nodes: string) => string]>> = {
  'a bare graph': ['any', (all) => `{${all}}`],
  'a workflow': ['any', (all) => `{"name":"a","data":{${all}}}`],
  'an export': ['any', (all) => `{"Workflow":{"id":"1","data":{${all}}}}`],
  'an export in a list': ['any', (all) => `[{"Workflow":{"id":"1","data":{${all}}}}]`],
  'a blueprint': ['holder', (all) => `{"WorkflowBlueprint":{"uuid":"x","data":[${all.replaceAll(/"\d+":/g, '')}]}}`],
  'escaped names': ['any', (all) => `{"Work\\u0066low":{"d\\u0061ta":{${all}}}}`],
  'a file of a workspace': [
    'file',
    (all) => `{"format":"x","note":"a \\" {","workflow":{"Workflow":{"data":{${all}}}}}`
  ],
  'a graph as a text': ['any', (all) => JSON.stringify({ Workflow: { id: '1', data: `{${all}}` } })]
}

describe('a workflow with more nodes than the limit', () => {
  it.each(Object.entries(texts).filter(([name]) => !name.endsWith('text')))(
    'is refused before it is parsed, also cut short: %s',
    (_, [root, make]) => {
      const refuse = (count: number): void =>
        refuseManyNodes({ text: make(nodes(count)).slice(0, -20) }, root, 'the file')
      expect(() => refuse(maxNodes)).not.toThrow()
      expect(() => refuse(maxNodes + 2)).toThrow(expect.objectContaining({ code: 'WORKFLOW_TOO_LARGE' }))
    }
  )
  it('costs no more when it is larger', () => {
    const [small, large] = [maxNodes + 1, scale(3, 20) * maxNodes].map((count) => {
      const text = texts['an export']![1](nodes(count))
      return workOf(() => expect(() => refuseManyNodes({ text }, 'any', 'the file')).toThrow())
    })
    expect(large! / small!).toBeLessThan(1.2)
  })
  it('is refused when its nodes are a text in the text', () => {
    const value = JSON.parse(texts['a graph as a text']![1](nodes(maxNodes + 1))) as unknown
    const work = workOf(() => expect(() => parseWorkflow(value, 'the file')).toThrow(/the file.*10000/))
    expect(work).toBeLessThan(300 * maxNodes)
    expect(() => refuseManyNodes({ value: value as never }, 'any', 'the file')).toThrow()
  })
  it('does not count what are no nodes', () => {
    const numbers = Array.from({ length: maxNodes + 1 }, (_, i) => `"${i}":1`).join(',')
    for (const text of [
      `{${numbers}}`,
      `{"Workflow":{"data":{"1":{"data":{"indexed_params":{${numbers}}}}}}}`,
      `{"Workflow":{"data":{"_frames":{${numbers}}}}}`,
      `[${'"a",'.repeat(maxNodes + 1)}"a"]`
    ])
      expect(() => refuseManyNodes({ text }, 'any', 'it')).not.toThrow()
    expect(() => refuseManyNodes({ text: `[${'{},'.repeat(maxNodes + 1)}{}]` }, 'holder', 'it')).not.toThrow()
  })
})

describe('JSON that is none', () => {
  const length = scale(200_000, 30_000_000)
  const broken: Readonly<Record<string, readonly [code: string, text: string]>> = {
    'opening brackets': ['INPUT_TOO_DEEP', '['.repeat(length)],
    'opening maps': ['INPUT_TOO_DEEP', '{"a":'.repeat(length / 5)],
    '20,000 levels': ['INPUT_TOO_DEEP', '['.repeat(20_000) + ']'.repeat(20_000)],
    'numbers and then a word': ['INPUT_NOT_JSON', `[${'1,'.repeat(length / 2)}x`],
    'a text that does not end': ['INPUT_NOT_JSON', `"${'\\n'.repeat(length / 2)}`],
    'empty lines': ['INPUT_NOT_JSON', `${'\n'.repeat(length)}x`],
    words: ['INPUT_NOT_JSON', 'hello '.repeat(length / 6)]
  }
  it.each(Object.entries(broken))('has a code and names the input: %s', (_, [code, text]) => {
    const file = 'a-file.json'
    expect(() => parseBytes(Buffer.from(text), file)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ file }) as unknown })
    )
  })
  it.each(Object.values(broken).slice(3, -1))('is looked through once: %s %#', (_, text) => {
    expectLinear(
      (n) => text.slice(0, 1 + 20 * n),
      (given) => findJsonError(given, 512),
      500
    )
  })
  it('is not looked through behind the place where it is too deep', () => {
    const deep = (n: number): number => workOf(() => expect(() => decodeJson('['.repeat(n))).toThrow())
    // What JSON.parse does counts as the length; the scan behind it must not.
    expect(deep(100_000)).toBeLessThan(110_000)
  })
  it('deep data inside a workflow is refused', () => {
    const data = `{"1":{"id":1,"data":{"id":"a","module_type":"action","indexed_params":{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}}`
    expect(() => parseWorkflow({ Workflow: { id: '1', data } }, 'a-file.json')).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_DEEP' })
    )
  })
  it('that takes more memory than there is is not parsed', () => {
    const lists = Buffer.from('[],'.repeat(8_000_000))
    expect(overflowsMemory(lists, 256 << 20)).toBe(true)
    expect(overflowsMemory(lists, 2 ** 31)).toBe(false)
  })
})
