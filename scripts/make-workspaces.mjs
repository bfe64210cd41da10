// Makes resources/workspaces: the four demonstrations of the training material, each a workspace of its own with workflows, events, the part of
// MISP's database that they need, and answers of services as they were recorded. Everything in them is made up. Run it again when the
// format of a workspace or of nodes changes; the unit test `demos.test.ts` says whether they still end as they should.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { root } from './lib.mjs'

const load = async (file) => (await runnerImport(join(root, 'src', 'engine', file))).module
const { buildNode, buildWorkflow } = await load('graph/edit-node.ts')
const { addNode, connect, withFilters, withName, withParam } = await load('graph/edit.ts')
const { modulesOf } = await load('modules/table.ts')
const { definitionFromService } = await load('modules/service/definition.ts')
const { find: findBuiltIn } = modulesOf('2.5.1')

/** The action module for Mattermost, as misp-modules lists it. */
const mattermostParams = {
  mattermost_hostname: { type: 'string', description: 'The Mattermost domain or URL', value: 'example.mattermost.com' },
  bot_access_token: { type: 'string', description: 'Access token of the bot account' },
  channel_id: { type: 'string', description: 'The channel that the bot was added to' },
  message_template: {
    ...{ type: 'large_string', description: 'The template of the message', jinja_supported: true },
    value: 'The **template** will be rendered using *Jinja2*!'
  }
}
const mattermost = {
  name: 'mattermost',
  type: 'action_mod',
  mispattributes: {},
  meta: {
    ...{ version: '0.1', author: '', description: 'Sends a message to a Mattermost channel.', name: 'Mattermost' },
    'module-type': ['action'],
    config: {
      ...{ params: mattermostParams, blocking: false, support_filters: true, expect_misp_core_format: false }
    }
  }
}
const served = [definitionFromService(mattermost)]

const at = '2024-10-21T08:00:00.000Z'
const seconds = Math.floor(Date.parse(at) / 1000)
const hex = (name) => createHash('sha256').update(`retrace demonstration ${name}`).digest('hex')
const uuid = (name) => {
  const h = hex(name)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`
}

/** Nodes as `[id, module, x, y, params, { name, filters }]`, the trigger first; links as `from[.output]>to`. */
function workflow(id, name, description, nodes, links) {
  const [, triggerId] = nodes[0]
  const made = buildWorkflow(findBuiltIn('trigger', triggerId), { uid: '', uuid: uuid(id), now: seconds, name })
  let graph = {}
  for (const [nodeId, moduleId, x, y, params = {}, more = {}] of nodes) {
    const definition =
      ['trigger', 'logic', 'action'].map((type) => findBuiltIn(type, moduleId)).find(Boolean) ??
      served.find(({ id }) => id === moduleId)
    if (!definition) throw new Error(`there is no module ${moduleId}`)
    const key = String(nodeId)
    graph = addNode(
      graph,
      buildNode(definition, { id: nodeId, position: { x, y }, uid: hex(`${id} ${key}`).slice(0, 23) })
    )
    for (const [param, value] of Object.entries(params)) {
      if (!definition.params.some((known) => known.id === param)) throw new Error(`${moduleId} has no ${param}`)
      graph = withParam(graph, key, param, value)
    }
    if (more.filters) graph = withFilters(graph, key, more.filters)
    if (more.name) graph = withName(graph, key, more.name)
  }
  for (const link of links) {
    const [, from, output = '1', to] = /^(\d+)(?:\.(\d))?>(\d+)$/.exec(link)
    graph = connect(graph, { from, output: `output_${output}`, to })
  }
  return { id, content: { Workflow: { ...made.Workflow, description, data: graph } } }
}

const orgs = [
  { id: '1', name: 'Harbour CERT', uuid: uuid('org 1'), local: true, type: 'ADMIN', nationality: 'Luxembourg' },
  { id: '2', name: 'Northwind Energy', uuid: uuid('org 2'), local: true, type: '', nationality: 'Norway' },
  { id: '3', name: 'Lantern Research', uuid: uuid('org 3'), local: false, type: '', nationality: 'Netherlands' }
]
const orgOf = (id) => {
  const { name, uuid: orgUuid, local } = orgs.find((org) => org.id === id)
  return { id, name, uuid: orgUuid, local }
}
const tagRows = [
  ['tlp:red', '#cc0033'],
  ['tlp:amber', '#ffc000'],
  ['tlp:green', '#339900'],
  ['tlp:white', '#ffffff'],
  ['tlp:clear', '#ffffff'],
  ['PAP:RED', '#ff0000'],
  ['PAP:AMBER', '#ffa800'],
  ['misp-workflow:action-taken="ids-flag-removed"', '#1e6f3c'],
  ['adversary:infrastructure-state="active"', '#8a1f5c']
].map(([name, colour], i) => ({ id: String(i + 1), name, colour, exportable: true, local: false }))
const tag = (name) => ({ ...tagRows.find((row) => row.name === name), relationship_type: '' })

const world = {
  organisations: orgs.map((Organisation) => ({ Organisation })),
  tags: tagRows.map((Tag) => ({ Tag })),
  roles: [
    {
      Role: { id: '1', name: 'admin', perm_site_admin: true, perm_admin: true, perm_tagger: true, perm_publish: true }
    },
    {
      Role: { id: '3', name: 'User', perm_site_admin: false, perm_admin: false, perm_tagger: true, perm_publish: false }
    }
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
      User: { id: '2', email: 'duty@harbour-cert.example', org_id: '1', role_id: '1', disabled: false, autoalert: true }
    },
    {
      User: { id: '3', email: 'analyst@northwind.example', org_id: '2', role_id: '3', disabled: false, autoalert: true }
    }
  ]
}

function event(id, info, { orgc = '2', tags = [], attributes = [] }) {
  return {
    Event: {
      ...{ id, orgc_id: orgc, org_id: '1', date: '2024-10-21', threat_level_id: '2', info, published: false },
      ...{
        uuid: uuid(`event ${id}`),
        attribute_count: String(attributes.length),
        analysis: '1',
        timestamp: String(seconds)
      },
      ...{ distribution: '1', proposal_email_lock: false, locked: orgc !== '1', publish_timestamp: '0' },
      ...{ sharing_group_id: '0', disable_correlation: false, extends_uuid: '', event_creator_email: '' },
      Org: orgOf('1'),
      Orgc: orgOf(orgc),
      Attribute: attributes.map(([type, category, value, tagged = []], i) => ({
        ...{ id: String(Number(id) * 100 + i), type, category, to_ids: true, uuid: uuid(`attribute ${id} ${i}`) },
        ...{ event_id: id, distribution: '5', timestamp: String(seconds), comment: '', sharing_group_id: '0' },
        ...{ deleted: false, disable_correlation: false, object_id: '0', object_relation: null },
        ...{ first_seen: null, last_seen: null, value, Galaxy: [], ShadowAttribute: [] },
        ...(tagged.length > 0 ? { Tag: tagged.map(tag) } : {})
      })),
      ShadowAttribute: [],
      RelatedEvent: [],
      Galaxy: [],
      Object: [],
      EventReport: [],
      Tag: tags.map(tag)
    }
  }
}

const redTags = ['tlp:red']
const network = [
  ['domain', 'Network activity', 'portal-login.example'],
  ['ip-dst', 'Network activity', '198.51.100.23'],
  ['url', 'Network activity', 'https://portal-login.example/session?id=4']
]

const enrichment = (name, input, title) => ({
  name,
  type: 'expansion',
  mispattributes: { input, format: 'misp_standard' },
  meta: { version: '1', author: '', description: title, 'module-type': ['expansion', 'hover'], name: title, config: [] }
})
const enrichments = [
  enrichment('hashlookup', ['md5', 'sha1', 'sha256'], 'Looks hashes up in a set of known files'),
  enrichment('bgpranking', ['AS'], 'Ranks autonomous systems by the malicious activity seen in them')
]

/** What the bgpranking module answers: the attribute that was asked about, the autonomous system, and its place in the ranking of a day. */
function ranked(asked, asn, description, country, ranking, position) {
  const asnUuid = uuid(`asn ${asn}`)
  const rankUuid = uuid(`ranking ${asn}`)
  const part = (objectName, category) => (object_relation, type, value) => ({
    ...{ type, object_relation, value, to_ids: false, disable_correlation: true, category },
    uuid: uuid(`${objectName} ${asn} ${object_relation}`)
  })
  const [ofAsn, ofRanking] = [part('asn', 'Other'), part('bgp-ranking', 'Other')]
  const refers = (from, to, relationship_type) => ({
    ...{ object_uuid: from, referenced_uuid: to, relationship_type },
    uuid: uuid(`${from} ${to}`)
  })
  return {
    results: {
      Attribute: [{ ...asked, to_ids: true }],
      Object: [
        {
          ...{ name: 'asn', 'meta-category': 'network', template_version: '6', uuid: asnUuid },
          Attribute: [
            { ...ofAsn('asn', 'AS', String(asn)), disable_correlation: false },
            ofAsn('description', 'text', description),
            ofAsn('country', 'text', country)
          ],
          ObjectReference: [refers(asnUuid, asked.uuid, 'describes'), refers(asnUuid, rankUuid, 'ranked-with')]
        },
        {
          ...{ name: 'bgp-ranking', 'meta-category': 'misc', template_version: '2', uuid: rankUuid },
          Attribute: [
            ofRanking('ranking', 'float', ranking),
            ofRanking('position', 'float', position),
            ofRanking('date', 'datetime', '2024-10-20T00:00:00+00:00'),
            ofRanking('address-family', 'text', 'v4')
          ],
          ObjectReference: []
        }
      ]
    }
  }
}

const known = 'd41d8cd98f00b204e9800998ecf8427e'
const found = (name, relations) => ({
  results: {
    Attribute: [],
    Object: [
      {
        ...{
          name,
          'meta-category': 'misc',
          uuid: uuid(`object ${name} ${JSON.stringify(relations)}`),
          ObjectReference: []
        },
        Attribute: relations.map(([object_relation, type, value]) => ({
          object_relation,
          type,
          value,
          category: 'Other',
          to_ids: false
        }))
      }
    ]
  }
})
const nothing = { results: { Attribute: [], Object: [] } }

const demos = [
  {
    id: 'mail-on-pull',
    title: 'Mail all admins when an event was pulled',
    description:
      'A new event arrives from another instance, and every admin gets a mail with its title and who made it.',
    workflows: [
      workflow(
        'mail-on-pull',
        'Mail on new events from pull',
        'Tells the admins which event came in.',
        [
          [1, 'event-after-save-new-from-pull', 0, 0],
          [
            ...[2, 'send-mail', 310, 0],
            {
              recipients: ['All admins'],
              mail_template_subject: 'Pulled: {{ Event.info }}',
              mail_template_body:
                'Event {{ Event.id }} of {{ Event.Orgc.name }} came in with {{ Event.Attribute | length }} attributes.'
            }
          ]
        ],
        ['1>2']
      )
    ],
    data: {
      'pulled-event': [
        'Pulled event',
        event('301', 'Credential phishing against port operators', { orgc: '3', attributes: network })
      ]
    }
  },
  {
    id: 'no-third-party-queries',
    title: 'Block third-party queries on tlp:red or PAP:RED',
    description: 'Enrichment asks services outside. Data that must not leave the organisation is not looked up.',
    workflows: [
      workflow(
        'no-third-party-queries',
        'No third-party queries on tlp:red or PAP:RED',
        'Stops enrichment of data that must not be looked up outside.',
        [
          [1, 'enrichment-before-query', 0, 0],
          [2, 'tag-if', 310, 0, { scope: 'event_attribute', condition: 'in_or', tags: ['tlp:red', 'PAP:RED'] }],
          [3, 'stop-execution', 620, 0, { message: 'tlp:red or PAP:RED: third parties are not asked about this.' }]
        ],
        ['1>2', '2.1>3']
      )
    ],
    data: {
      'attribute-pap-red': [
        'One attribute is PAP:RED',
        event('311', 'Implant on a mail gateway', {
          attributes: [...network.slice(0, 2), ['sha256', 'Payload delivery', hex('implant'), ['PAP:RED']]]
        })
      ],
      'nothing-restricted': [
        'Nothing restricted',
        event('312', 'Scanning of web servers', { tags: ['tlp:green'], attributes: network })
      ]
    }
  },
  {
    id: 'publish-guard',
    title: 'Block publishing on tlp:red with a mail, else notify on Mattermost',
    description:
      'One question, two ways: the restricted event stays and the admins hear of it, everything else is announced.',
    workflows: [
      workflow(
        'publish-guard',
        'Block tlp:red, announce the rest',
        'Nothing marked tlp:red is published; Mattermost hears of everything else.',
        [
          [1, 'event-publish', 0, 60],
          [2, 'tag-if', 310, 60, { scope: 'event_attribute', condition: 'in_or', tags: redTags }],
          [
            ...[3, 'send-mail', 620, 0],
            {
              recipients: ['All admins'],
              mail_template_subject: 'Publishing was refused: {{ Event.info }}',
              mail_template_body: 'Event {{ Event.id }} is marked tlp:red and was not published.'
            }
          ],
          [4, 'stop-execution', 930, 0, { message: 'tlp:red is not published.' }],
          [
            ...[5, 'mattermost', 620, 150],
            {
              mattermost_hostname: 'https://chat.harbour-cert.example',
              bot_access_token: 'token-of-the-bot',
              channel_id: 'published-events',
              message_template: '**Published:** {{ Event.info }} (event {{ Event.id }}, {{ Event.Orgc.name }})'
            },
            { name: 'Notify on Mattermost' }
          ]
        ],
        ['1>2', '2.1>3', '3>4', '2.2>5']
      )
    ],
    data: {
      'event-tlp-red': [
        'Event marked tlp:red',
        event('321', 'Ongoing incident at a utility', { tags: redTags, attributes: network })
      ],
      'event-tlp-green': [
        'Event marked tlp:green',
        event('322', 'Phishing kit with fake invoices', { tags: ['tlp:green'], attributes: network })
      ]
    },
    service_modules: [mattermost]
  },
  {
    id: 'exercises',
    title: 'The exercises',
    description:
      'Block on PAP:RED or tlp:red; replace tlp:white by tlp:clear; remove to_ids for hashes that hashlookup knows; tag what BGP ranking rates as active. With recorded answers of both services.',
    workflows: [
      workflow(
        'exercise-block',
        'Exercise 1: block on PAP:RED or tlp:red',
        'Publishing is blocked when the event or one of its attributes is restricted.',
        [
          [1, 'event-publish', 0, 0],
          [2, 'tag-if', 310, 0, { scope: 'event_attribute', condition: 'in_or', tags: ['PAP:RED', 'tlp:red'] }],
          [3, 'stop-execution', 620, 0, { message: 'Restricted data is not published.' }]
        ],
        ['1>2', '2.1>3']
      ),
      workflow(
        'exercise-tlp-clear',
        'Exercise 2: replace tlp:white by tlp:clear',
        'The old name of the level gives way to the new one.',
        [
          [1, 'event-publish', 0, 0],
          [2, 'tag-if', 310, 0, { scope: 'event', condition: 'in_or', tags: ['tlp:white'] }],
          [
            3,
            'tag_operation',
            620,
            0,
            { scope: 'event', action: 'add', locality: 'global', tags: ['tlp:clear'] },
            { name: 'Add tlp:clear' }
          ],
          [
            4,
            'tag_operation',
            930,
            0,
            { scope: 'event', action: 'remove', locality: 'global', tags: ['tlp:white'] },
            { name: 'Remove tlp:white' }
          ]
        ],
        ['1>2', '2.1>3', '3>4']
      ),
      workflow(
        'exercise-hashlookup',
        'Exercise 3: no to_ids for known hashes',
        'Hashes of files that hashlookup knows are no indicators.',
        [
          [1, 'event-after-save', 0, 0],
          [2, 'attach-enrichment', 310, 0, { modules: ['hashlookup'] }],
          [
            ...[3, 'attribute_ids_flag_operation', 620, 0],
            { action: 'remove' },
            {
              filters: {
                ...{ selector: 'Event._AttributeFlattened.{n}', value: 'FileName', operator: 'in' },
                path: 'enrichment.{n}.Object.{n}[name=hashlookup].Attribute.{n}.object_relation'
              }
            }
          ]
        ],
        ['1>2', '2>3']
      ),
      workflow(
        'exercise-bgp-ranking',
        'Exercise 4: tag what BGP ranking rates as active',
        'Autonomous systems with a position below 50 are tagged; the ranking is asked in a branch of its own.',
        [
          [1, 'event-after-save', 0, 0],
          [2, 'concurrent-task', 310, 0],
          [3, 'attach-enrichment', 620, 0, { modules: ['bgpranking'] }],
          [
            ...[4, 'tag_operation', 930, 0],
            { scope: 'attribute', action: 'add', locality: 'local', tags: ['adversary:infrastructure-state="active"'] },
            {
              filters: {
                ...{ selector: 'Event._AttributeFlattened.{n}', value: 'position', operator: 'in' },
                path: 'enrichment.{n}.Object.{n}[name=bgp-ranking].Attribute.{n}[object_relation=position][value<50].object_relation'
              }
            }
          ]
        ],
        ['1>2', '2>3', '3>4']
      )
    ],
    data: {
      'restricted-and-old-tags': [
        'Restricted attribute, tlp:white event',
        event('331', 'Dropper behind a fake update', {
          tags: ['tlp:white'],
          attributes: [
            ['md5', 'Payload delivery', known],
            ['sha256', 'Payload delivery', hex('dropper'), ['PAP:RED']],
            ['AS', 'Network activity', '64496'],
            ['AS', 'Network activity', '64511']
          ]
        })
      ],
      'open-event': [
        'Open event',
        event('332', 'List of scanners', {
          tags: ['tlp:white'],
          attributes: [
            ['md5', 'Payload delivery', known],
            ['sha1', 'Payload delivery', hex('unknown file').slice(0, 40)],
            ['AS', 'Network activity', '64496'],
            ['AS', 'Network activity', '64511']
          ]
        })
      ]
    },
    service_modules: enrichments,
    mocks: {
      'exercise-hashlookup': {
        2: [
          found('hashlookup', [
            ['FileName', 'filename', './empty.txt'],
            ['source', 'text', 'NSRL']
          ]),
          nothing
        ]
      },
      'exercise-bgp-ranking': {
        3: [
          ranked(
            { type: 'AS', category: 'Network activity', value: '64496', uuid: uuid('attribute 332 2') },
            ...[64496, 'HARBOUR-HOSTING', 'LU', 0.0121, 12]
          ),
          ranked(
            { type: 'AS', category: 'Network activity', value: '64511', uuid: uuid('attribute 332 3') },
            ...[64511, 'NORTHWIND-NET', 'NO', 0.0000042, 73]
          )
        ]
      }
    }
  }
]

const target = join(root, 'resources', 'workspaces')
rmSync(target, { recursive: true, force: true })
const put = (content, ...path) => {
  const file = join(target, ...path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify(content, null, 1) + '\n')
}
for (const [order, demo] of demos.entries()) {
  const { id, title, description } = demo
  // One that is about a single workflow opens with it.
  const [only, ...others] = demo.workflows
  const start = others.length === 0 ? { start: `#/workflows/${only.id}` } : {}
  put({ version: 1, order: order + 1, title, description, ...start }, id, 'demo.json')
  put({ version: 1, name: title, createdAt: at, settings: {} }, id, 'catalogue.json')
  for (const one of demo.workflows) {
    const file = {
      format: 'retrace.workflow',
      version: 1,
      id: one.id,
      number: 1,
      savedAt: at,
      note: 'Comes with Retrace.'
    }
    put({ ...file, workflow: one.content }, id, 'workflows', one.id, '1.json')
  }
  for (const [dataId, [name, content]] of Object.entries(demo.data)) {
    put(content, id, 'data', `${dataId}.json`)
    const size = Buffer.byteLength(JSON.stringify(content, null, 1) + '\n')
    const { id: eventId, uuid: eventUuid, info } = content.Event
    const meta = { format: 'retrace.data', version: 1, id: dataId, name, size, importedAt: at }
    put({ ...meta, events: [{ id: eventId, uuid: eventUuid, info }] }, id, 'data', `${dataId}.meta.json`)
  }
  for (const [name, rows] of Object.entries(world)) put(rows, id, 'world', `${name}.json`)
  if (demo.service_modules) put(demo.service_modules, id, 'world', 'service_modules.json')
  for (const [workflowId, mocks] of Object.entries(demo.mocks ?? {})) {
    const set = {
      format: 'retrace.mocks',
      version: 1,
      id: `${workflowId}-recorded`,
      name: 'Recorded answers',
      workflowId
    }
    put({ ...set, savedAt: at, mocks, pins: {}, placeholders: {} }, id, 'mocks', `${set.id}.json`)
  }
}
console.log(demos.map(({ id }) => id).join(', '))
