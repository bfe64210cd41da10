import { describe, expect, it } from 'vitest'
import { mask } from '../../../../src/contract/secrets.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { computeBranch } from '../../../../src/host/capture/understand/branch.ts'
import { deriveEvents } from '../../../../src/host/capture/derive/derive.ts'
import { buildGraph } from '../../../../src/host/capture/group/graph.ts'
import { advance, allows, startPosition } from '../../../../src/host/capture/group/position.ts'
import { parseExecutionLog, runsOfLog } from '../../../../src/host/capture/import/execution-log.ts'
import { maskPost } from '../../../../src/host/capture/understand/mask.ts'
import { encodePostLine, parsePostLine } from '../../../../src/host/capture/understand/ndjson.ts'
import { parsePost, type ParsedPost } from '../../../../src/host/capture/understand/post-parse.ts'
import { parseTarget } from '../../../../src/host/capture/listen/post-target.ts'
import { rebuildWorkflow } from '../../../../src/host/capture/derive/rebuild-workflow.ts'
import { recordedRuns, type RecordedRun } from './recorded-runs.ts'

const parsed = (run: RecordedRun): ParsedPost[] =>
  run.posts.map((post) => parsePost({ headers: [], target: post.target }, Buffer.from(post.body)))
const single = recordedRuns().filter((run) => run.posts.filter((post) => /\/init\?/.test(post.target)).length === 1)

describe('what MISP does not say', () => {
  it('follows every recorded run through its graph with the computed branches', () => {
    for (const run of single) {
      const graph = buildGraph(run.workflow)!.graph
      let position = startPosition([graph])
      const posts = parsed(run)
      const nonBlocking = posts[0]!.result === 'non-blocking'
      for (const post of posts.slice(1)) {
        const node = post.kind === 'end' ? 'end' : post.nodeId
        expect([run.id, node, allows(position, { nodeId: node, moduleId: post.moduleId, meant: null })]).toEqual([
          run.id,
          node,
          true
        ])
        const { nodeId, moduleId, result } = post
        const blockingModule = moduleId === 'stop-execution' ? true : null
        position = advance(position, {
          nodeId,
          moduleId,
          meant: null,
          result,
          branch: computeBranch(post),
          nonBlocking,
          blockingModule
        })
      }
    }
  })

  it('rebuilds a graph from the posts in which the same run fits', () => {
    for (const run of single.filter((candidate) => candidate.posts.length > 2)) {
      const posts = parsed(run)
      const seen = posts.map((post) => ({ post, branch: computeBranch(post), job: 0 }))
      const rebuilt = buildGraph(rebuildWorkflow(run.trigger, seen))!.graph
      for (const { nodeId, moduleId } of posts.filter(({ kind }) => kind === 'exec')) {
        expect([run.id, rebuilt.nodes.get(nodeId)?.moduleId]).toEqual([run.id, moduleId])
      }
    }
  })

  it('gives each node the data of the post before it as input', () => {
    for (const run of single) {
      const posts = parsed(run)
      const events = deriveEvents(
        posts.map((post, i) => ({ seq: i, at: i * 100, job: 0, target: run.posts[i]!.target, post })),
        { runId: 'c-1' }
      )
      const fold = new RunFold()
      for (const event of events) fold.apply(event)
      const execs = posts.filter(({ kind }) => kind === 'exec')
      expect(fold.steps.length).toBe(execs.length)
      fold.data.forEach((data, i) => {
        if (i > 0) expect(data.input).toBe(fold.data[i - 1]!.output)
        else expect(data.input).toBe(fold.normalized)
      })
      const executed = run.walk?.executed_nodes.map(({ id }) => id)
      const end = posts.find(({ kind }) => kind === 'end')
      if (executed && end)
        expect(fold.finished?.walk?.executed_nodes.map((node) => (node as { id: number }).id)).toEqual(executed)
      expect(fold.finished?.outcome).toBe(end?.result ?? 'no end')
      for (const step of fold.steps) expect(step.derived).toContain('duration')
    }
  })

  it('marks nodes that changed nothing as unchanged', () => {
    const run = recordedRuns().find(({ id }) => id === 'run-067-filter-ids-flag')!
    const events = deriveEvents(
      parsed(run).map((post, i) => ({ seq: i, at: i, job: 0, target: run.posts[i]!.target, post })),
      { runId: 'c-1' }
    )
    const fold = new RunFold()
    for (const event of events) fold.apply(event)
    expect(fold.steps.map(({ moduleId, changed }) => `${moduleId} ${changed}`)).toEqual([
      'generic-filter-data true',
      'attribute_ids_flag_operation true',
      'push-zmq false',
      'generic-filter-reset true',
      'push-zmq false'
    ])
  })
})

describe('targets', () => {
  it.each([
    ['/event-publish/init?type=blocking', 'init', 'event-publish', '', 'blocking', '', ''],
    ['//event-publish/end?outcome=success', 'end', 'event-publish', '', 'success', '', ''],
    [
      '/base/path/event-publish/exec/tag-if?result=success',
      'exec',
      'event-publish',
      'tag-if',
      'success',
      '',
      'base/path'
    ],
    ['/e/exec/m?result=error&message=boom+&+%22quotes%22+', 'exec', 'e', 'm', 'error', 'boom & "quotes" ', ''],
    ['/event-publish/debug/webhook', 'debug', 'event-publish', 'webhook', '', '', ''],
    ['/?token=1%2Fevent-publish%2Finit%3Ftype%3Dblocking', 'init', 'event-publish', '', 'blocking', '', ''],
    ['/x?token=1%2Fe%2Fexec%2Fm%3Fresult%3Derror&message=a+%26+b', 'exec', 'e', 'm', 'error', 'a & b', 'x'],
    ['/hook/1', 'unknown', '', '', '', '', 'hook/1']
  ])('reads %s', (target, kind, trigger, moduleId, result, message, prefix) => {
    const found = parseTarget(target)
    expect({ ...found, prefix: found.prefix.join('/'), queryPrefix: null, before: null }).toMatchObject({
      kind,
      trigger,
      moduleId,
      result,
      message,
      prefix
    })
  })
})

describe('files', () => {
  it('gives posts back byte for byte', () => {
    for (const body of [Buffer.from('{"é":1}'), Buffer.from([0xff, 0, 0x80])]) {
      const post = {
        meta: { at: 5, opened: 4, source: 's', method: 'POST', target: '/a/init', headers: [['Host', 'x'] as const] },
        body
      }
      expect(parsePostLine(encodePostLine(post), 'f', 1)).toEqual({ ...post, number: 1 })
    }
    expect(() => parsePostLine('{', 'posts.ndjson', 3)).toThrow(/posts\.ndjson.*line 3/)
    expect(() => parsePostLine('{"target":"/"}', 'posts.ndjson', 3)).toThrow(/time/)
  })

  it('masks secrets and leaves the rest of the bytes', () => {
    const params = { bot_token: '123:ab/c', chat_id: '5', headers: 'X-Key: "q"' }
    const text = JSON.stringify({
      source: { node_id: 2, module_id: 'telegram', filters: '', parameters: params },
      data: { Event: { info: '123' } }
    })
    const post = {
      meta: { at: 1, source: 's', method: 'POST', target: '/', headers: [['Authorization', 'Basic eA=='] as const] },
      body: Buffer.from(text)
    }
    const masked = maskPost(post)
    expect(masked.meta.headers).toEqual([['Authorization', mask]])
    expect(masked.body.toString()).toBe(text.replace('123:ab/c', mask).replace('X-Key: \\"q\\"', mask))
  })

  it('reads runs out of MISP’s execution log', () => {
    for (const run of recordedRuns().filter(({ log }) => log !== '')) {
      const found = runsOfLog(parseExecutionLog(run.log))
      const own = found.filter(({ trigger }) => trigger === run.trigger)
      const end = run.posts.find((post) => post.target.includes(`/${run.trigger}/end?outcome=`))
      expect([run.id, own[0]?.outcome]).toEqual([
        run.id,
        end === undefined ? 'no end' : /outcome=(\w+)/.exec(end.target)![1]
      ])
    }
    const nested = runsOfLog(
      parseExecutionLog(recordedRuns().find(({ id }) => id === 'run-207-enrich-nested-pass')!.log)
    )
    expect(nested.map(({ trigger, parent, nodes }) => [trigger, parent, nodes.length])).toEqual([
      ['event-publish', null, 2],
      ['enrichment-before-query', 0, 1]
    ])
  })
})
