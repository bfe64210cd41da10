// A run once more: as it was, whatever became of the workspace, or in today's world, which says what changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask, finished, hosting, peer } from './hosting.ts'
import { eventOf, guard, tagThen, workflowOf } from './samples.ts'

const { folder, open } = hosting()

const tagged = tagThen('red', 'send-mail', {
  recipients: ['All admins'],
  mail_template_subject: 'x',
  mail_template_body: 'y'
})

function putWorld(host: Pick<Host, 'workspace'>, parts: JsonMap): void {
  const world = join(host.workspace.folder, 'world')
  mkdirSync(world, { recursive: true })
  for (const [part, rows] of Object.entries(parts)) writeFileSync(join(world, `${part}.json`), JSON.stringify(rows))
}

const parts = {
  tags: [
    { Tag: { id: '4', name: 'red', colour: '#f00', exportable: true } },
    { Tag: { id: '5', name: 'other', colour: '#0f0', exportable: true } }
  ],
  roles: [{ Role: { id: '1', name: 'admin', perm_site_admin: true } }],
  users: [
    { User: { id: '1', email: 'admin@example.org', role_id: '1', org_id: '1' } },
    { User: { id: '2', email: 'nobody@example.org', role_id: '9', org_id: '1' } }
  ]
}

async function run(host: Host, workflow: JsonMap): Promise<string> {
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(2) as Json } })
  await finished(host, runId)
  return runId
}

const linesOf = (host: Host, id: string): readonly string[] =>
  readFileSync(host.workspace.runFile(id), 'utf8').split('\n').slice(1)

const surroundingsOf = (host: Host, id: string): JsonMap => {
  const line = linesOf(host, id).find((one) => one.startsWith('{"surroundings"')) ?? '{}'
  return (JSON.parse(line) as { readonly surroundings: JsonMap }).surroundings
}

const mailsOf = async (host: Host, runId: string): Promise<readonly unknown[]> =>
  (await ask(host, 'run.effects', { runId })).effects.map(({ effect }) =>
    effect.kind === 'mail' ? effect.to : effect.kind
  )

describe('a module that was run on its own', () => {
  const changedBy = async (host: Host, runId: string): Promise<unknown> =>
    (await ask(host, 'run.worldChanges', { runId })).changes
  const alone = {
    moduleId: 'tag_operation',
    params: { scope: 'event', action: 'add', locality: 'local', tags: ['red'], relationship_type: '' },
    data: { json: eventOf(2) as Json },
    convert: true,
    keep: true
  }

  it('is repeated as it was, from its file alone', async () => {
    const host = await open()
    putWorld(host, parts)
    const { runId: first } = await ask(host, 'module.execute', alone)
    putWorld(host, { tags: [] })
    const { notRepeatable } = await ask(host, 'runs.open', { runId: first })
    expect(notRepeatable).toBeUndefined()
    const { runId, lacks } = await ask(host, 'run.again', { runId: first })
    const { summary } = await finished(host, runId)
    expect(lacks).toEqual([])
    expect(linesOf(host, runId)).toEqual(linesOf(host, first))
    expect(summary).toMatchObject({
      workflowName: 'Module Tag operation',
      outcome: 'success',
      parent: { runId: first, relation: 'again' }
    })
    const { runId: third } = await ask(host, 'run.again', { runId })
    await finished(host, third)
    expect(linesOf(host, third)).toEqual(linesOf(host, first))
  })

  it('begins with what it was given and with what the module got of it', async () => {
    const host = await open()
    const { runId } = await ask(host, 'module.execute', alone)
    const at = async (which: 'original' | 'normalized', path: string[]) =>
      (await ask(host, 'run.value', { runId, step: 0, which, path, offset: 0, limit: 50 })).entries.map(
        ({ key }) => key
      )
    expect(await at('original', ['Event'])).not.toContain('_AttributeFlattened')
    expect(await at('normalized', ['Event'])).toContain('_AttributeFlattened')
    expect((await finished(host, runId)).summary.event?.info).toBe((eventOf(2)['Event'] as JsonMap)['info'])
  })

  it('says with today’s world what changed, and goes another way where that says so', async () => {
    const host = await open()
    putWorld(host, parts)
    const { runId: first } = await ask(host, 'module.execute', alone)
    const same = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    expect((await finished(host, same.runId)).notes).toEqual([])
    expect(await changedBy(host, same.runId)).toEqual(await changedBy(host, first))
    putWorld(host, { tags: [parts.tags[1] as Json] })
    const { runId } = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    const { notes, summary } = await finished(host, runId)
    expect(summary.outcome).toBe('success')
    expect(notes.map(({ code, text }) => `${code} ${text}`)).toEqual([expect.stringMatching(/^CHANGED_SINCE .*red.*/)])
  })

  it('never runs the code of a custom module again', async () => {
    const host = await open()
    mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
    const file = join(host.workspace.folder, 'modules', 'own.js')
    const put = (says: string): void =>
      writeFileSync(
        file,
        `export default defineModule({ kind: 'action', id: 'own', execute(ctx) { ctx.addError('${says}'); return true } })`
      )
    put('the first')
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const own = { moduleId: 'own', params: {}, data: alone.data, keep: true }
    const { runId: first } = await ask(host, 'module.execute', own)
    put('another')
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const { runId } = await ask(host, 'run.again', { runId: first })
    await finished(host, runId)
    expect(linesOf(host, runId)).toEqual(linesOf(host, first))
    const today = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    const { notes, steps } = await finished(host, today.runId)
    expect(JSON.stringify(steps)).toContain('another')
    expect(notes.map(({ text }) => text)).toEqual(['The custom module own has another text.'])
  })

  it('says what the file of an older Retrace lacks, and is no case', async () => {
    const host = await open()
    const { runId } = await ask(host, 'module.execute', alone)
    expect(await host.call('cases.make', { runId })).toMatchObject({ ok: false, error: { code: 'CASE_NOT_MADE' } })
    await host.close()
    const file = join(host.workspace.folder, 'runs', `${runId}.ndjson`)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\{"surroundings".*\n/m, ''))
    const later = await open(host.workspace.folder)
    expect(await later.call('run.again', { runId })).toMatchObject({ ok: false, error: { code: 'RUN_NOT_REPEATABLE' } })
    expect(await later.call('run.again', { runId, todaysWorld: true })).toMatchObject({
      ok: false,
      error: { code: 'RUN_NOT_REPEATABLE' }
    })
  })
})

describe('a run again as it was', () => {
  it('reads the recorded rows, whatever the world is by now', async () => {
    const host = await open()
    putWorld(host, parts)
    const first = await run(host, tagged)
    putWorld(host, { tags: [], users: [], roles: [] })
    const { runId, lacks } = await ask(host, 'run.again', { runId: first })
    await finished(host, runId)
    expect(lacks).toEqual([])
    expect(linesOf(host, runId)).toEqual(linesOf(host, first))
    expect(await mailsOf(host, runId)).toEqual(['admin@example.org'])
    const { runs } = await ask(host, 'runs.list', {})
    expect(runs.find(({ id }) => id === runId)?.parent).toEqual({ runId: first, nodeId: null, relation: 'again' })
  })

  it('keeps of the world the rows that were read, and that a look-up found nothing', async () => {
    const host = await open()
    putWorld(host, { ...parts, tags: [parts.tags[1] as Json] })
    const { world } = surroundingsOf(host, await run(host, tagged)) as { readonly world: JsonMap }
    expect(world).toMatchObject({ misses: { tags: ['red'] } })
    expect(JSON.stringify(world)).toContain('admin@example.org')
    expect(JSON.stringify(world)).not.toContain('nobody@example.org')
  })

  it('never goes live, and never runs the code of a module', async () => {
    const { url, seen } = await peer((_seen, response) => void response.end('ok'))
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
    const file = join(host.workspace.folder, 'modules', 'own.js')
    const text = (says: string): string =>
      `export default defineModule({ kind: 'action', id: 'own', execute(ctx) { ctx.addError('${says}'); return true } })`
    writeFileSync(file, text('the first'))
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const workflow = {
      json: workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: {
          type: 'action',
          module: 'webhook',
          params: { url, content_type: 'json', request_method: 'post', payload: '{}' },
          to: { output_1: [3] }
        },
        3: { type: 'action', module: 'own' }
      }) as Json
    }
    const effects = { policy: 'live' as const }
    const data = { json: eventOf(1) as Json }
    const { token } = await ask(host, 'run.plan', { workflow, data, options: { effects } })
    const { runId: first } = await ask(host, 'run.start', {
      workflow,
      data,
      options: { effects: { ...effects, confirm: token } }
    })
    await finished(host, first)
    expect(seen).toHaveLength(1)
    writeFileSync(file, text('another'))
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const { runId } = await ask(host, 'run.again', { runId: first })
    await finished(host, runId)
    expect(seen).toHaveLength(1)
    expect(linesOf(host, runId)).toEqual(linesOf(host, first))
    const today = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    const { notes, steps } = await finished(host, today.runId)
    expect(seen).toHaveLength(1)
    expect(JSON.stringify(steps)).toContain('another')
    expect(notes.map(({ text: said }) => said)).toContain('The custom module own has another text.')
  })

  it('keeps no key of the settings, and repeats where the key is missing', async () => {
    const host = await open()
    await ask(host, 'workspace.set', { settings: { 'Plugin.Enrichment_mine_api_key': 'the-very-secret-key' } })
    putWorld(host, {
      service_modules: [
        {
          name: 'mine',
          type: ['expansion'],
          mispattributes: { input: ['ip-dst'], format: 'misp_standard' },
          meta: { 'module-type': ['expansion', 'hover'], config: ['api_key'] }
        }
      ]
    })
    const enriched = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'attach-enrichment', params: { modules: ['mine'] } }
    })
    const first = await run(host, enriched)
    expect(surroundingsOf(host, first)).toMatchObject({ secrets: ['Plugin.Enrichment_mine_api_key'] })
    expect(JSON.stringify(surroundingsOf(host, first))).not.toContain('the-very-secret-key')
    const elsewhere = await open()
    mkdirSync(join(elsewhere.workspace.folder, 'runs'), { recursive: true })
    writeFileSync(elsewhere.workspace.runFile(first), readFileSync(host.workspace.runFile(first)))
    const there = elsewhere.workspace.folder
    await elsewhere.close()
    const other = await open(there)
    const { runId } = await ask(other, 'run.again', { runId: first })
    await finished(other, runId)
    expect(linesOf(other, runId)).toEqual(linesOf(host, first))
  })
})

describe('a run again in today’s world', () => {
  it('says what changed since', async () => {
    const host = await open()
    putWorld(host, parts)
    const first = await run(host, tagged)
    putWorld(host, {
      ...parts,
      users: [{ User: { id: '1', email: 'new@example.org', role_id: '1', org_id: '1' } }],
      tags: [{ Tag: { id: '4', name: 'red', colour: '#f00', exportable: false } }]
    })
    const { runId } = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    const { notes } = await finished(host, runId)
    expect(await mailsOf(host, runId)).toEqual(['new@example.org'])
    expect(notes.filter(({ code }) => code === 'CHANGED_SINCE').map(({ text }) => text)).toEqual([
      'The exportable of tag 4 (red) was true, and is false.',
      'The email of user 1 (admin@example.org) was “admin@example.org”, and is “new@example.org”.'
    ])
  })

  it('says of a look-up that found nothing that it finds something now', async () => {
    const host = await open()
    putWorld(host, { ...parts, tags: [] })
    const first = await run(host, tagged)
    putWorld(host, parts)
    const { runId } = await ask(host, 'run.again', { runId: first, todaysWorld: true })
    const { notes } = await finished(host, runId)
    expect(notes.map(({ text }) => text)).toContain(
      'World has tag 4 (red) now; the run looked for it and found nothing.'
    )
  })
})

describe('what cannot be repeated as it was', () => {
  it('a run of an older version says what its file lacks, and runs in today’s world', async () => {
    const host = await open()
    const first = await run(host, guard)
    const file = host.workspace.runFile(first)
    const old = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('{"surroundings"'))
      .join('\n')
      .replace('"version":2', '"version":1')
    const { folder: there } = host.workspace
    await host.close()
    writeFileSync(file, old)
    const again = await open(there)
    const refused = await again.call('run.again', { runId: first })
    expect(refused).toMatchObject({ ok: false, error: { code: 'RUN_NOT_REPEATABLE' } })
    expect(JSON.stringify(refused)).toContain('the rows of the world that it read')
    const { runId, lacks } = await ask(again, 'run.again', { runId: first, todaysWorld: true })
    const detail = await finished(again, runId)
    expect(detail.summary.outcome).toBe('success')
    expect(lacks[0]).toContain('What changed since then is not told.')
  })

  it('a run that another one fired names that one', async () => {
    const host = await open()
    const saved = workflowOf({ 1: { type: 'trigger', module: 'attribute-after-save', to: {} } }, 'saved')
    await ask(host, 'workflows.save', { workflow: saved as Json })
    const { runId: first } = await ask(host, 'run.start', {
      workflow: {
        json: workflowOf({
          1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
          2: { type: 'action', module: 'Module_attribute_comment_operation', params: { comment: 'x' } }
        }) as Json
      },
      data: { json: eventOf(1) as Json },
      options: { cascade: 1 }
    })
    await finished(host, first)
    const fired = (await ask(host, 'runs.list', {})).runs.find(({ parent }) => parent?.relation === 'nested')
    expect(await host.call('run.again', { runId: fired?.id ?? '' })).toMatchObject({
      ok: false,
      error: {
        code: 'RUN_NOT_REPEATABLE',
        message: expect.stringContaining(
          `(${fired?.id}) was fired by another run. Run that one again: ${first}.`
        ) as string
      }
    })
  })

  it('surroundings of another shape are a file that cannot be read', async () => {
    const there = folder()
    const host = await open(there)
    const first = await run(host, guard)
    const file = host.workspace.runFile(first)
    await host.close()
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('"limits":{"steps":50000', '"limits":{"steps":5000000000'))
    const again = await open(there)
    expect(await again.call('run.again', { runId: first })).toMatchObject({
      ok: false,
      error: { code: 'STORE_FILE_UNREADABLE' }
    })
  })
})
