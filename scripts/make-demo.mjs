// Makes resources/workspaces/blocked-publish, the demonstration that a first start offers: an event, a small world, three workflows, and a run that was blocked. The run
// is produced by the engine like any other. Run it again when the format of a workspace or of run events changes.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, root, version } from './lib.mjs'

const folder = join(root, 'resources', 'workspaces', 'blocked-publish')
const uuid = (name) => {
  const hex = createHash('sha256').update(`retrace demo ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const tags = {
  'tlp:red': { id: '1', name: 'tlp:red', colour: '#cc0033', exportable: true, local: false },
  'tlp:amber': { id: '2', name: 'tlp:amber', colour: '#ffc000', exportable: true, local: false },
  'tlp:clear': { id: '5', name: 'tlp:clear', colour: '#ffffff', exportable: true, local: false },
  'PAP:RED': { id: '6', name: 'PAP:RED', colour: '#ff0000', exportable: true, local: false },
  'PAP:AMBER': { id: '7', name: 'PAP:AMBER', colour: '#ffa800', exportable: true, local: false },
  'workflow:state="reviewed"': {
    id: '10',
    name: 'workflow:state="reviewed"',
    colour: '#1e6f3c',
    exportable: true,
    local: false
  },
  'misp-galaxy:mitre-attack-pattern="Phishing - T1566"': {
    ...{
      id: '11',
      name: 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"',
      colour: '#0088cc',
      exportable: true,
      local: false
    }
  }
}
const tag = (name, inherited) => ({
  ...tags[name],
  relationship_type: '',
  ...(inherited === undefined ? {} : { inherited })
})

const eventId = '1842'
const eventUuid = uuid('event')
const orgs = [
  {
    id: '1',
    name: 'Harbour CERT',
    uuid: uuid('org 1'),
    local: true,
    type: 'ADMIN',
    nationality: 'Luxembourg',
    sector: 'Government',
    description: 'Runs this MISP.'
  },
  {
    id: '2',
    name: 'Northwind Energy',
    uuid: uuid('org 2'),
    local: true,
    type: '',
    nationality: 'Norway',
    sector: 'Energy',
    description: 'Member of the sharing community.'
  },
  {
    id: '3',
    name: 'Lantern Research',
    uuid: uuid('org 3'),
    local: false,
    type: '',
    nationality: 'Netherlands',
    sector: 'Research',
    description: 'Publishes reports on phishing kits.'
  }
]
const orgOf = ({ id, name, uuid: orgUuid, local }) => ({ id, name, uuid: orgUuid, local })

let nextAttribute = 50_210
function attribute(type, category, value, { ids = true, comment = '', tagged = [], relation, object } = {}) {
  const id = String(nextAttribute++)
  return {
    id,
    type,
    category,
    to_ids: ids,
    uuid: uuid(`attribute ${id}`),
    event_id: eventId,
    distribution: '5',
    timestamp: '1729491600',
    comment,
    sharing_group_id: '0',
    deleted: false,
    disable_correlation: false,
    object_id: object ?? '0',
    object_relation: relation ?? null,
    first_seen: null,
    last_seen: null,
    value,
    Galaxy: [],
    ShadowAttribute: [],
    ...(tagged.length > 0 ? { Tag: tagged.map((name) => tag(name)) } : {})
  }
}

function object(id, name, metaCategory, description, attributes) {
  return {
    ...{
      id,
      name,
      'meta-category': metaCategory,
      description,
      template_uuid: uuid(`template ${name}`),
      template_version: '25'
    },
    ...{
      event_id: eventId,
      uuid: uuid(`object ${id}`),
      timestamp: '1729491600',
      distribution: '5',
      sharing_group_id: '0'
    },
    ...{ comment: '', deleted: false, first_seen: null, last_seen: null, ObjectReference: [] },
    Attribute: attributes.map(([relation, type, category, value, more]) =>
      attribute(type, category, value, { ...more, relation, object: id })
    )
  }
}

const event = {
  Event: {
    id: eventId,
    orgc_id: '2',
    org_id: '1',
    date: '2024-10-21',
    threat_level_id: '2',
    info: 'Invoice phishing against energy suppliers, kit "Paper Lantern"',
    published: false,
    uuid: eventUuid,
    attribute_count: '19',
    analysis: '1',
    timestamp: '1729491600',
    distribution: '1',
    proposal_email_lock: false,
    locked: false,
    publish_timestamp: '0',
    sharing_group_id: '0',
    disable_correlation: false,
    extends_uuid: '',
    protected: null,
    event_creator_email: 'analyst@northwind.example',
    Org: orgOf(orgs[0]),
    Orgc: orgOf(orgs[1]),
    Attribute: [
      attribute('domain', 'Network activity', 'invoices-northwind.example', {
        comment: 'landing page',
        tagged: ['tlp:amber']
      }),
      attribute('domain', 'Network activity', 'cdn-paper-lantern.example', { comment: 'kit assets' }),
      attribute('url', 'Network activity', 'https://invoices-northwind.example/view/7f3a?lang=en', {
        comment: 'link in the mail'
      }),
      attribute('ip-dst', 'Network activity', '198.51.100.44', { comment: 'hosts the landing page' }),
      attribute('ip-dst', 'Network activity', '203.0.113.17', { comment: 'receives credentials' }),
      attribute('ip-dst', 'Network activity', '10.20.0.8', { comment: 'seen in the proxy log, internal' }),
      attribute('email-src', 'Payload delivery', 'billing@invoices-northwind.example', { comment: 'sender' }),
      attribute('email-subject', 'Payload delivery', 'Overdue invoice 2024-118, action required', { ids: false }),
      attribute('text', 'Internal reference', 'Reported by the service desk at 08:12, three users opened the link.', {
        ids: false,
        tagged: ['tlp:red']
      }),
      attribute('link', 'External analysis', 'https://lantern-research.example/reports/paper-lantern', { ids: false })
    ],
    Object: [
      object('911', 'file', 'file', 'The attachment of the mail.', [
        ['filename', 'filename', 'Payload delivery', 'invoice-2024-118.pdf.html', { ids: false }],
        ['md5', 'md5', 'Payload delivery', 'a4d1f0c2b7e94d6f8c3b2a190e5d7f66'],
        ['sha256', 'sha256', 'Payload delivery', '3f1c0f9d5a8e27b64c1d9e0f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b'],
        ['size-in-bytes', 'size-in-bytes', 'Other', '48213', { ids: false }]
      ]),
      object('912', 'email', 'network', 'One of the mails as it arrived.', [
        ['from', 'email-src', 'Payload delivery', 'billing@invoices-northwind.example'],
        ['to', 'email-dst', 'Network activity', 'accounts@northwind.example', { ids: false }],
        ['subject', 'email-subject', 'Payload delivery', 'Overdue invoice 2024-118, action required', { ids: false }],
        ['reply-to', 'email-reply-to', 'Payload delivery', 'payments@cdn-paper-lantern.example'],
        ['send-date', 'datetime', 'Other', '2024-10-21T07:58:12+00:00', { ids: false }]
      ])
    ],
    EventReport: [],
    ShadowAttribute: [],
    RelatedEvent: [],
    Galaxy: [
      {
        ...{
          id: '3',
          uuid: uuid('galaxy attack'),
          name: 'Attack Pattern',
          type: 'mitre-attack-pattern',
          namespace: 'mitre-attack'
        },
        ...{ description: 'ATT&CK technique', version: '8', icon: 'map', enabled: true, local_only: false },
        GalaxyCluster: [
          {
            ...{
              id: '77',
              uuid: uuid('cluster phishing'),
              collection_uuid: uuid('collection'),
              type: 'mitre-attack-pattern'
            },
            ...{ value: 'Phishing - T1566', tag_name: 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"' },
            ...{
              description: 'Messages that make people give away access.',
              galaxy_id: '3',
              source: 'demo',
              authors: ['Retrace']
            },
            ...{
              version: '1',
              distribution: '3',
              sharing_group_id: null,
              org_id: '0',
              orgc_id: '0',
              default: true,
              locked: false
            },
            ...{ extends_uuid: '', extends_version: '0', published: false, deleted: false, GalaxyClusterRelation: [] },
            ...{
              meta: { external_id: ['T1566'], kill_chain: ['mitre-attack:initial-access'] },
              local: false,
              relationship_type: ''
            }
          }
        ]
      }
    ],
    Tag: [tag('tlp:amber'), tag('PAP:RED'), tag('misp-galaxy:mitre-attack-pattern="Phishing - T1566"')]
  }
}

/** Nodes as MISP's editor exports them. `to`: output to node ids. */
function workflow(id, name, description, nodes) {
  const data = {}
  for (const [key, node] of Object.entries(nodes)) {
    const outputs = Object.entries(node.to ?? {}).map(([output, targets]) => [
      output,
      { connections: targets.map((target) => ({ node: String(target), output: 'input_1' })) }
    ])
    const inputs = Object.entries(nodes).flatMap(([from, other]) =>
      Object.entries(other.to ?? {}).flatMap(([output, targets]) =>
        targets.filter((target) => String(target) === key).map(() => ({ node: from, input: output }))
      )
    )
    data[key] = {
      id: Number(key),
      name: node.name,
      data: {
        id: node.module,
        name: node.name,
        module_type: node.type,
        module_version: node.version,
        indexed_params: node.params ?? [],
        saved_filters: { selector: '', value: '', operator: '', path: '' },
        node_uid: uuid(`${name} ${key}`).replaceAll('-', '').slice(0, 23),
        multiple_output_connection: node.module === 'concurrent-task'
      },
      class: node.type === 'action' ? 'block-type-default' : `block-type-${node.type}`,
      typenode: false,
      inputs: node.type === 'trigger' ? [] : { input_1: { connections: inputs } },
      outputs: outputs.length > 0 ? Object.fromEntries(outputs) : [],
      pos_x: node.at[0],
      pos_y: node.at[1]
    }
  }
  const trigger = Object.values(nodes).find(({ type }) => type === 'trigger').module
  return {
    Workflow: {
      ...{ id, uuid: uuid(`workflow ${id}`), name, description, timestamp: '1729491600', enabled: true },
      ...{ counter: '0', trigger_id: trigger, debug_enabled: true, data: { ...data, _frames: [] } }
    }
  }
}

const node = (type, module, name, versionOf, at, params, to) => ({
  type,
  module,
  name,
  version: versionOf,
  at,
  params,
  to
})
const workflows = [
  workflow('1', 'Publish guard', 'Nothing marked tlp:red or PAP:RED is published; everything else is announced.', {
    1: node('trigger', 'event-publish', 'Event Publish', '0.1', [60, 180], [], { output_1: [2] }),
    2: node(
      'logic',
      'tag-if',
      'IF :: Tag',
      '0.4',
      [340, 160],
      { scope: 'event_attribute', condition: 'in_or', tags: ['tlp:red', 'PAP:RED'], clusters: [] },
      { output_1: [3], output_2: [5] }
    ),
    3: node(
      'action',
      'send-mail',
      'Send Mail',
      '0.1',
      [660, 60],
      {
        recipients: ['All admins'],
        mail_template_subject: 'Publication refused',
        mail_template_body: 'An event marked tlp:red or PAP:RED was about to be published.'
      },
      { output_1: [4] }
    ),
    4: node('action', 'stop-execution', 'Stop execution', '0.2', [980, 60], {
      message: 'This event holds data that must not leave the organisation (tlp:red or PAP:RED).'
    }),
    5: node(
      'action',
      'ms-teams-webhook',
      'MS Teams Webhook',
      '0.5',
      [660, 300],
      { url: 'https://chat.harbour-cert.example/hooks/misp', content_type: 'form', data_extraction_path: 'Event.info' },
      { output_1: [] }
    )
  }),
  workflow(
    '2',
    'Curate network indicators',
    'After a save: internal addresses are no indicators, reviewed events are marked.',
    {
      1: node('trigger', 'event-after-save', 'Event After Save', '0.1', [60, 180], [], { output_1: [2] }),
      2: node(
        'logic',
        'generic-filter-data',
        'Filter :: Generic',
        '0.2',
        [340, 180],
        {
          'filtering-label': 'A',
          selector: 'Event._AttributeFlattened.{n}',
          operator: 'in',
          value: 'ip-dst',
          value_list: [],
          hash_path: 'type'
        },
        { output_1: [3] }
      ),
      3: node(
        'logic',
        'generic-if',
        'IF :: Generic',
        '0.2',
        [640, 180],
        { value: '10.20.0.8', value_list: [], operator: 'in', hash_path: 'Event._AttributeFlattened.{n}.value' },
        { output_1: [4], output_2: [5] }
      ),
      4: node(
        'action',
        'Module_attribute_comment_operation',
        'Attribute comment operation',
        '0.1',
        [940, 60],
        { comment: 'Holds an internal address: review before export.' },
        { output_1: [5] }
      ),
      5: node(
        'logic',
        'generic-filter-reset',
        'Filter :: Remove filter',
        '0.1',
        [1240, 180],
        { 'filtering-label': 'all' },
        { output_1: [6] }
      ),
      6: node(
        'action',
        'tag_operation',
        'Tag operation',
        '0.2',
        [1540, 180],
        {
          scope: 'event',
          action: 'add',
          locality: 'local',
          tags: ['workflow:state="reviewed"'],
          relationship_type: ''
        },
        { output_1: [] }
      )
    }
  ),
  workflow(
    '3',
    'No third-party queries on PAP:RED',
    'Enrichment modules are not asked about events that must not be looked up outside.',
    {
      1: node('trigger', 'enrichment-before-query', 'Enrichment Before Query', '0.1', [60, 160], [], { output_1: [2] }),
      2: node(
        'logic',
        'tag-if',
        'IF :: Tag',
        '0.4',
        [340, 160],
        { scope: 'event', condition: 'in_or', tags: ['PAP:RED'], clusters: [] },
        { output_1: [3], output_2: [] }
      ),
      3: node('action', 'stop-execution', 'Stop execution', '0.2', [660, 100], {
        message: 'PAP:RED: do not query third parties.'
      })
    }
  )
]

const world = {
  organisations: orgs.map((Organisation) => ({ Organisation })),
  tags: Object.values(tags).map((Tag) => ({ Tag })),
  roles: [
    { Role: { id: '1', name: 'admin', perm_site_admin: true, perm_admin: true, perm_tagger: true, perm_publish: true } }
  ],
  users: [
    {
      User: {
        id: '1',
        email: 'admin@harbour-cert.example',
        org_id: '1',
        role_id: '1',
        disabled: false,
        autoalert: true
      }
    },
    {
      User: { id: '2', email: 'analyst@northwind.example', org_id: '2', role_id: '1', disabled: false, autoalert: true }
    }
  ],
  warninglists: [
    {
      ...{
        id: '1',
        name: 'List of RFC 1918 CIDR blocks',
        type: 'cidr',
        category: 'false_positive',
        description: 'Private addresses.'
      },
      ...{
        version: '1',
        enabled: true,
        list: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
        matching_attributes: ['ip-src', 'ip-dst']
      }
    }
  ]
}

/** What is listed of the run, once its file is whole. */
async function kept(call, runId) {
  for (;;) {
    const { runs } = await call('runs.list', {})
    const run = runs.find(({ id }) => id === runId)
    if (run && run.state !== 'running' && run.size > 0) return run
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

await ensureBuilt(['node'], console.log)
rmSync(folder, { recursive: true, force: true })
// Not among the workspaces of whoever runs this.
const userFolder = mkdtempSync(join(tmpdir(), 'retrace-demo-'))
process.env.RETRACE_USER_FOLDER = userFolder
const { serve } = await import(pathToFileURL(join(root, 'out', 'node', 'server.mjs')))
mkdirSync(join(folder, 'world'), { recursive: true })
for (const [name, rows] of Object.entries(world))
  writeFileSync(join(folder, 'world', `${name}.json`), JSON.stringify(rows, null, 1) + '\n')
const serving = await serve({
  ...{ workspace: folder, version: version(), pageFolder: null },
  workerUrl: pathToFileURL(join(root, 'out', 'node', 'worker.mjs'))
})
const { host } = serving
const call = async (name, params) => {
  const answer = await host.call(name, params)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

async function fill() {
  // As in the other demonstrations, which name no version.
  await call('profiles.choose', { for: 'workspace', profile: '2.5.1' })
  const data = await call('data.import', { name: 'Invoice phishing', text: JSON.stringify(event, null, 1) })
  for (const each of workflows) {
    const workflowId = `demo-${each.Workflow.id}`
    await call('workflows.save', { workflowId, workflow: each, note: 'Comes with Retrace.' })
  }
  const { runId } = await call('run.start', {
    workflow: { workflowId: 'demo-1' },
    data: { dataId: data.id },
    options: { now: '2024-10-21T08:30:00Z' },
    name: 'Publishing was refused'
  })
  return kept(call, runId)
}

// What serves outlives what nothing caught: a mistake here would only be written to its log, and the process would wait for ever.
const made = await fill().catch((error) => {
  console.error(error)
  process.exit(1)
})
console.log(`${made.outcome}: ${made.steps} steps`)
await serving.close()
rmSync(userFolder, { recursive: true, force: true })
const catalogueFile = join(folder, 'catalogue.json')
const { versions: _chosen, ...catalogue } = JSON.parse(readFileSync(catalogueFile, 'utf8'))
writeFileSync(catalogueFile, JSON.stringify(catalogue, null, 2) + '\n')
// The demo reads the same whenever it is made.
const shownAs = '20241021-083000-de301842'
for (const name of [`${made.id}.ndjson`, 'index.ndjson']) {
  const file = join(folder, 'runs', name)
  const text = readFileSync(file, 'utf8')
    .replaceAll(made.id, shownAs)
    .replaceAll(made.startedAt, '2024-10-21T08:30:00.000Z')
  writeFileSync(file, text)
}
renameSync(join(folder, 'runs', `${made.id}.ndjson`), join(folder, 'runs', `${shownAs}.ndjson`))
for (const name of [
  '.uploads',
  'retrace.log',
  'search',
  'workspace.lock',
  'capture/000001.seg',
  'capture/runs.ndjson',
  'capture/bodies'
])
  rmSync(join(folder, name), { recursive: true, force: true })
writeFileSync(
  join(folder, 'demo.json'),
  JSON.stringify(
    {
      ...{ version: 1, order: 0, title: 'A publish that was blocked' },
      description: 'An event that a workflow kept from being published, with the run, its steps and the reason.',
      start: `#/runs/${shownAs}`
    },
    null,
    1
  ) + '\n'
)
for (const name of ['capture', 'modules']) writeFileSync(join(folder, name, '.gitkeep'), '')
