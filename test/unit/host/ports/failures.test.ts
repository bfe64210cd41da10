// What a run with the live policy says when the peer fails, module by module: the texts that MISP's code gives (and, where MISP swallows
// the failure, that it says nothing). The peers are of this machine.
import { createServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RawWorkflow } from '../../../../src/contract/workflow.ts'
import type { Effect, RunEvent } from '../../../../src/contract/run.ts'
import { drive } from '../../../../src/engine/run/walk/driver.ts'
import { createRun } from '../../../../src/engine/run/start.ts'
import type { LiveConfig } from '../../../../src/host/ports/live-config.ts'
import { performEffect } from '../../../../src/host/ports/live.ts'
import { ZmqPublisher } from '../../../../src/host/ports/zmq.ts'
import { enginePorts } from '../../../../src/host/worker/thread/ports.ts'
import { buildRunInput } from '../../../../src/host/worker/runs/run-input.ts'
import { eventOf, workflowOf } from '../samples.ts'

const closing: (() => unknown)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const listening = (server: Server | HttpServer): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

const taking = (server: SMTPServer): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.server.address() as AddressInfo).port)))

async function freePort(): Promise<number> {
  const server = createSocketServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

const answers: { readonly [peer: string]: readonly [status: number, body: string] } = {
  '401': [401, 'who are you'],
  '403': [403, 'not you'],
  '500': [500, 'down'],
  'bad JSON': [200, '<html>not JSON'],
  'error reply': [200, '{"error":"no key"}']
}

/** A port where such a peer is. `silent` takes the connection and never says a word. */
async function peer(kind: string, asked: () => void): Promise<number> {
  if (kind === 'refused') return freePort()
  if (kind === 'silent') {
    const server = createSocketServer((socket) => void closing.push(() => socket.destroy()))
    closing.push(() => server.close())
    return listening(server)
  }
  const [status, body] = answers[kind]!
  const server = createServer((request, response) => {
    asked()
    request.resume().on('end', () => response.writeHead(status).end(body))
  })
  closing.push(() => server.close())
  return listening(server)
}

const listed = [
  {
    ...{ name: 'asn', type: 'expansion', mispattributes: { input: ['ip-dst'], format: 'misp_standard' } },
    meta: { 'module-type': ['expansion'] }
  },
  { name: 'testaction', type: 'action', mispattributes: {}, meta: { 'module-type': ['action'], config: {} } }
]
const user = { id: '2', email: 'a@example.org', role_id: '1', disabled: false, org_id: '1' }
const settings = {
  ...{ 'Plugin.Enrichment_services_enable': true, 'Plugin.Action_services_enable': true },
  ...{ 'Plugin.Enrichment_asn_enabled': true, 'Plugin.Enrichment_timeout': 1, 'Plugin.Enrichment_hover_timeout': 1 },
  'Plugin.Action_timeout': 1
}

interface Ended {
  readonly errors: Json
  readonly message: string | null
  readonly outcome: string
  readonly outcomeText: string
  readonly asked: number
}

/** Runs one module with the live policy against a peer on a port. */
async function live(moduleId: string, params: JsonMap, port: number, asked: () => number, smtp = {}): Promise<Ended> {
  const nodes = {
    1: { type: 'trigger' as const, module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action' as const, module: moduleId, params }
  }
  const options = {
    ...{ settings: settings as JsonMap, effects: { policy: 'live' as const } },
    world: { users: [{ User: user }], service_modules: listed } as unknown as JsonMap
  }
  const workflow = workflowOf(nodes)['Workflow'] as unknown as RawWorkflow
  const input = buildRunInput({
    ...{ workflow, brought: { data: eventOf(1), assumptions: [] }, options, workflows: [], customModules: [] },
    serviceModules: listed as unknown as readonly JsonMap[]
  })
  const url = `http://127.0.0.1:${port}`
  const config = {
    http: { allow: ['127.0.0.1'], onlyAllowed: false, timeoutSeconds: 0.4 },
    smtp: { host: '127.0.0.1', port, secure: false, selfSigned: true, user: '', password: null, ...smtp },
    zmq: { host: '127.0.0.1', port: 0 },
    mispModules: { Enrichment: url, Action: url }
  } as unknown as LiveConfig
  const events: RunEvent[] = []
  const stepper = createRun(input, enginePorts(), (event) => events.push(event))
  const publisher = new ZmqPublisher()
  // Telegram's address is fixed in MISP's module; what it is sent goes to the peer.
  const local = (effect: Effect): Effect =>
    effect.kind === 'http' ? { ...effect, url: effect.url.replace('https://api.telegram.org', url) } : effect
  const perform = async ({ nodeId, effect }: { readonly nodeId: number; readonly effect: Effect }) =>
    effect.kind === 'zmq'
      ? { sent: true as const }
      : performEffect(
          { nodeId, effect: local(effect) },
          config,
          { targets: new Set(), openNodes: new Set([2]) },
          publisher
        )
  await drive(stepper, { perform, breathe })
  publisher.close()
  const ended = events.find((event) => event.type === 'run.finished')!.data
  const step = events.find((event) => event.type === 'node.finished')?.data
  const { outcome, outcomeText } = ended
  return { errors: step?.errors ?? null, message: step?.message ?? null, outcome, outcomeText, asked: asked() }
}

const lost = {
  refused:
    /^curl error 7 'Couldn't connect to server': Failed to connect to 127\.0\.0\.1 port \d+ after \d+ ms: Couldn't connect to server$/,
  silent: /^curl error 28 'Timeout was reached': Operation timed out after \d+ milliseconds with 0 bytes received$/
}
type Told = readonly (string | RegExp)[]
type Expected = readonly [peer: string, told: Told, message?: string | RegExp]
const behind = (prefix: string, pattern: RegExp): RegExp => new RegExp(`^${prefix}${pattern.source.slice(1)}`)
const sending = 'Something went wrong while sending the request\\. Error returned: '
const wrong = 'Something went wrong with the request or the remote side is having issues. Body returned: '

const webhook: readonly Expected[] = [
  ['refused', [behind(sending, lost.refused)]],
  ['silent', [behind(sending, lost.silent)]],
  ['401', ['Authentication failed.']],
  ['403', ['Authentication failed.']],
  ['500', [`${wrong}down`]],
  ['bad JSON', []]
]
/** Module_telegram_send_alert catches nothing: what curl says becomes the node's exception. */
const telegram: readonly Expected[] = [
  ['refused', [], lost.refused],
  ['silent', [], lost.silent],
  ['401', ['Authentication failed']],
  ['403', ['Something went wrong with the request: not you']],
  ['500', ['Something went wrong with the request: down']],
  ['bad JSON', []]
]
const everyFailure = ['refused', 'silent', '401', '403', '500', 'bad JSON']
const enrich: readonly Expected[] = [
  ...everyFailure.map((kind): Expected => [kind, [], 'asn service not reachable.']),
  ['error reply', [], 'Invalid response received from module asn, response data do not contains results field.']
]
/** Module_misp_module reads only `error` of a reply: a service that cannot be reached is a success. */
const action: readonly Expected[] = [...everyFailure.map((kind): Expected => [kind, []]), ['error reply', ['no key']]]

const modules: readonly (readonly [id: string, params: (port: number) => JsonMap, expected: readonly Expected[]])[] = [
  ['webhook', (port) => ({ url: `http://127.0.0.1:${port}/`, content_type: 'json', request_method: 'post' }), webhook],
  ['ms-teams-webhook', (port) => ({ url: `http://127.0.0.1:${port}/`, content_type: 'json' }), webhook],
  ['telegram-send-alert', () => ({ bot_token: '1:a', chat_id: '1', message_body_template: 'seen' }), telegram],
  ['enrich-event', () => ({ modules: 'asn' }), enrich],
  ['testaction', () => ({}), action]
]

describe('failures of live peers', () => {
  for (const [moduleId, params, expected] of modules) {
    it.each(expected.map(([kind, told, message]) => ({ kind, told, message })))(`${moduleId}: $kind`, async (given) => {
      const { kind, told, message } = given
      let asked = 0
      const port = await peer(kind, () => asked++)
      const ended = await live(moduleId, params(port), port, () => asked)
      const errors = Object.values((ended.errors ?? {}) as Record<string, Json>)
      expect(errors, JSON.stringify(ended)).toHaveLength(message === undefined ? told.length : errors.length)
      if (message === undefined) told.forEach((text, i) => expect(errors[i]).toEqual(matching(text)))
      // WorkflowBaseModule's text around an exception of a module.
      const around = `Error while executing module ${moduleId}. Error: `
      const inner = ended.message?.startsWith(around) ? ended.message.slice(around.length) : ended.message
      expect(inner).toEqual(message === undefined ? null : matching(message))
      expect(asked).toBe(Object.hasOwn(answers, kind) ? 1 : 0)
    })
  }

  it.each([...everyFailure, 'error reply'])('attach-enrichment: %s', async (kind) => {
    const port = await peer(kind, () => undefined)
    const { outcome, outcomeText, errors } = await live('attach-enrichment', { modules: ['asn'] }, port, () => 0)
    if (kind === 'error reply') return expect([outcome, errors]).toEqual(['success', []])
    expect([outcome, outcomeText]).toEqual([
      'aborted',
      'TypeError: Module_attach_enrichment::_queryModules(): Return value must be of type array, null returned'
    ])
  })

  it('splunk-hec-export: never asks anybody, and is the end of the run', async () => {
    let asked = 0
    const port = await peer('500', () => asked++)
    const given = { url: `http://127.0.0.1:${port}/`, hec_token: 't', event_per_attribute: '0' }
    const { outcome, outcomeText } = await live('splunk-hec-export', given, port, () => asked)
    expect([outcome, outcomeText, asked]).toEqual(['aborted', 'Error: Call to a member function isOk() on null', 0])
  })

  // MISP logs what its mailer throws and goes on.
  it.each(['refused', 'silent', 'auth', 'recipient'])('send-mail: %s', async (kind) => {
    const server = new SMTPServer({
      ...{ disabledCommands: ['STARTTLS'], logger: false, authOptional: kind === 'recipient' },
      onAuth: (_auth, _session, done) => done(new Error('bad password')),
      onRcptTo: (_address, _session, done) => done(new Error('no such user'))
    })
    closing.push(() => server.close(() => undefined))
    const taken = kind === 'auth' || kind === 'recipient'
    const port = taken ? await taking(server) : await peer(kind, () => undefined)
    const smtp = { timeoutSeconds: 0.4, ...(kind === 'auth' ? { user: 'me', password: 'x' } : {}) }
    const given = { recipients: ['a@example.org'], mail_template_subject: 's', mail_template_body: 'b' }
    const { outcome, errors, message } = await live('send-mail', given, port, () => 0, smtp)
    expect([outcome, errors, message]).toEqual(['success', [], null])
  })
})

const matching = (text: string | RegExp): unknown => (typeof text === 'string' ? text : expect.stringMatching(text))
