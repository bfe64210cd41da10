import { say, aborts, doesNothing, sentences, listed, theirs, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { jsonProblem } from '../../describe/json-problem.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'webhook',
  name: 'Webhook',
  version: '0.7',
  description: 'Allow to perform custom callbacks to the provided URL',
  inputs: 1,
  outputs: 1,
  params: [
    { id: 'url', label: 'URL', type: 'input', placeholder: 'https://example.com/test', jinja_supported: true },
    {
      id: 'content_type',
      label: 'Content type',
      type: 'select',
      default: 'json',
      options: { json: 'application/json', form: 'application/x-www-form-urlencoded' }
    },
    {
      id: 'request_method',
      label: 'HTTP Request Method',
      type: 'select',
      default: 'post',
      options: { post: 'POST', get: 'GET', put: 'PUT', delete: 'DELETE' }
    },
    {
      id: 'self_signed',
      label: 'Self-signed certificates',
      type: 'select',
      default: 'deny',
      options: { deny: 'Deny self-signed certificates', allow: 'Allow self-signed certificates' }
    },
    {
      id: 'payload',
      label: 'Payload (leave empty for roaming data)',
      type: 'textarea',
      default: '',
      placeholder: '',
      jinja_supported: true
    },
    { id: 'headers', label: 'Headers', type: 'textarea', placeholder: 'Authorization: foobar', jinja_supported: true }
  ],
  extra: { icon_path: 'webhook.png' }
})

export const facts: ActionFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  sends: [{ to: 'url', param: 'url', methodParam: 'request_method' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: 'obeyed',
  json: [
    { param: 'payload', when: { param: 'content_type', value: 'json' }, then: 'MISP sends it as one JSON string' }
  ],
  whenEmpty: { payload: 'the whole roaming data is sent', url: 'the node fails' }
}

/** Module_webhook splits at line ends and the first colon; other lines are dropped. */
const headersOf = (node: NodeWords): readonly Sentence[] =>
  node
    .text('headers')
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => node.saying('headers', theirs(line.slice(0, line.indexOf(':')).trim())))

/** What the payload is when it is sent; templates of a node that did not run yet are rendered first. */
const isRendered = (node: NodeWords): boolean => node.input.saved !== undefined || !node.hasTemplate('payload')

function body(node: NodeWords): Sentence {
  if (node.text('request_method') === 'get') return node.by('request_method', 'without a body')
  const whole = node.text('payload') === ''
  const emptied = node.emptied('payload')
  const what = whole
    ? node.by('payload', 'the whole roaming data')
    : node.by('payload', isRendered(node) ? 'the payload' : 'the rendered payload')
  const why = emptied && say` (the payload is empty: ${emptied})`
  if (node.text('content_type') === 'json' && !whole && isRendered(node)) {
    const at = jsonProblem('payload', node.text('payload'))
    if (at)
      return say`with ${what} ${node.by('content_type', 'as one JSON string')}, because it is no valid JSON (${at})`
  }
  if (node.text('content_type') !== 'form') return say`with ${what} ${node.by('content_type', 'as JSON')}${why}`
  return say`with ${what} ${node.by('content_type', whole ? 'as multipart form data' : 'declared as a form')}${why}`
}

export const explain = explains(definition, (node) => {
  if (node.isEmptyText('url'))
    return doesNothing`Sends nothing and fails: ${node.by('url', 'no URL is set')}${node.whyEmpty('url')}.`
  if (node.isUnknown('request_method'))
    return aborts`Sends nothing and aborts the run with an Error: ${node.the('request_method')} is not a request method MISP knows.`
  const headers = headersOf(node)
  const sent =
    headers.length > 0 && say` and the ${headers.length > 1 ? 'headers' : 'header'} ${listed(headers, 'and')}`
  return sentences(
    say`Sends ${node.option('request_method', true)} to ${node.the('url')}${node.hasTemplate('url') && ' (a template, rendered first)'} ${body(node)}${sent}; fails unless the response status is a success.`,
    node.text('self_signed') === 'allow' && say`${node.by('self_signed', 'Self-signed certificates are accepted')}.`,
    say`Needs ${mispSetting('Security.rest_client_enable_arbitrary_urls')}.`
  )
})

const oldDefinition = {
  ...definition,
  version: '0.4',
  params: [
    { id: 'url', label: 'Payload URL', type: 'input', placeholder: 'https://example.com/test' },
    ...definition.params.filter(({ id }) => id === 'content_type'),
    {
      id: 'data_extraction_path',
      label: 'Data extraction path',
      type: 'hashpath',
      default: '',
      placeholder: 'Attribute.{n}.AttributeTag.{n}.Tag.name'
    }
  ]
}

const explainOld = explains(oldDefinition, (node) => {
  if (node.isEmptyText('url')) return doesNothing`Sends nothing and fails: ${node.by('url', 'no URL is set')}.`
  const path = node.the('data_extraction_path')
  const what = path.value === '' ? 'the whole roaming data' : say`what ${path} finds in the roaming data`
  const as = node.by('content_type', node.text('content_type') === 'form' ? 'as a form' : 'as JSON')
  return say`Posts ${what} ${as} to ${node.the('url')}; fails unless the answer is a success. Needs ${mispSetting('Security.rest_client_enable_arbitrary_urls')}.`
})

export const versions = {
  '2.4.177': {
    definition: oldDefinition,
    facts: { ...facts, sends: [{ to: 'url', param: 'url' }] } satisfies ActionFacts,
    explain: explainOld
  }
}
