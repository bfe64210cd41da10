// A stand-in for MISP: its API's answers in their shapes, behind an auth key, with a note of every request.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from '../../../../src/contract/json.ts'
import { eventOf, guard } from '../samples.ts'

const trigger = (id: string, disabled: boolean): Json => ({
  id,
  name: id,
  module_type: 'trigger',
  disabled,
  scope: 'event'
})
export const answers: { readonly [path: string]: Json } = {
  '/workflows/index.json': [{ Workflow: { id: '4', name: 'guard', trigger_id: 'event-publish' } }],
  '/workflows/view/4.json': guard,
  '/workflows/triggers.json': [trigger('event-publish', false), trigger('log-after-save', true)],
  '/workflows/moduleIndex/type:all.json': [
    { id: 'tag-if', name: 'IF :: Tag', module_type: 'logic', disabled: false },
    { id: 'webhook', name: 'Webhook', module_type: 'action', disabled: true }
  ],
  '/events/view/7.json': eventOf(2),
  '/events/restSearch/limit:20.json': { response: [eventOf(1), eventOf(2)] },
  '/tags/index.json': {
    Tag: [
      { id: '1', name: 'tlp:red', colour: '#ff0000', count: 3 },
      { id: '2', name: 'tlp:green', colour: '#00ff00' }
    ]
  },
  '/organisations/index/scope:all.json': [{ Organisation: { id: '1', name: 'ORG', uuid: 'u-1', local: true } }],
  '/admin/users/index.json': [
    {
      User: { id: '1', email: 'a@example.org', org_id: '1', role_id: '1', authkey: 'SECRETKEY', disabled: false },
      Role: { id: '1', name: 'admin', perm_site_admin: true },
      Organisation: { id: '1', name: 'ORG' }
    }
  ],
  '/warninglists/index/enabled:1.json': {
    Warninglists: [{ Warninglist: { id: '9', name: 'Own', type: 'string', enabled: true } }]
  },
  '/warninglists/view/9.json': {
    Warninglist: {
      id: '9',
      name: 'Own',
      type: 'string',
      enabled: true,
      WarninglistEntry: [{ value: '8.8.8.8' }],
      WarninglistType: [{ type: 'ip-dst' }]
    }
  },
  '/servers/serverSettings.json': {
    finalSettings: [
      { setting: 'MISP.host_org_id', value: 1 },
      { setting: 'Security.rest_client_enable_arbitrary_urls', value: false },
      { setting: 'Security.salt', value: 'secret' },
      { setting: 'Plugin.Enrichment_asn_api_key', value: 'secret' }
    ]
  }
}

export interface StandIn {
  readonly address: string
  /** Method and path of every request. */
  readonly seen: readonly string[]
  close(): void
}

export async function startMisp(key: string, known: { readonly [path: string]: Json } = answers): Promise<StandIn> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request
    seen.push(`${method} ${url}`)
    if (headers.authorization !== key) {
      const refusal = { name: 'Authentication failed.', message: 'Authentication failed.', url }
      response.writeHead(403).end(JSON.stringify(refusal))
      return
    }
    const answer = known[url]
    response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(answer ?? { name: 'Not Found', message: 'Invalid.', url }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, seen, close: () => server.close() }
}
