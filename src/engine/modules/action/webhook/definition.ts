import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { hasTemplate, isUnknownOption, quote, sentences, valueOf } from '../../describe/say.ts'
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
  arbitraryUrls: 'obeyed'
}

/** Module_webhook splits at line ends and the first colon; other lines are dropped. */
const headersOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.slice(0, line.indexOf(':')).trim())

function bodyPhrase(method: string, type: string, payload: string): string {
  if (method === 'get') return 'without a body'
  const what = payload === '' ? 'the whole roaming data' : hasTemplate(payload) ? 'the rendered payload' : 'the payload'
  if (type === 'form') return payload === '' ? `with ${what} as multipart form data` : `with ${what} declared as a form`
  return `with ${what} as JSON`
}

export const explain: Explain = (input) => {
  const text = (id: string): string => String(valueOf(input, definition, id))
  const [url, type, method, payload] = [text('url'), text('content_type'), text('request_method'), text('payload')]
  if (url === '' || url === '0') return 'Sends nothing and fails: no URL is set.'
  if (isUnknownOption(definition, 'request_method', method))
    return `Sends nothing and aborts the run with an Error: ${quote(method)} is not a request method MISP knows.`
  const headers = headersOf(text('headers'))
  return sentences(
    `Sends ${method.toUpperCase()} to ${quote(url)}${hasTemplate(url) ? ' (a template, rendered first)' : ''} ${bodyPhrase(method, type, payload)}${headers.length > 0 ? ` and the header${headers.length > 1 ? 's' : ''} ${headers.join(', ')}` : ''}; fails unless the response status is a success.`,
    text('self_signed') === 'allow' && 'Self-signed certificates are accepted.',
    'Needs `Security.rest_client_enable_arbitrary_urls`.'
  )
}

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

const explainOld: Explain = (input) => {
  const text = (id: string): string => String(valueOf(input, oldDefinition, id))
  const [url, type, path] = [text('url'), text('content_type'), text('data_extraction_path')]
  if (url === '' || url === '0') return 'Sends nothing and fails: no URL is set.'
  const what = path === '' ? 'the whole roaming data' : `what ${quote(path)} finds in the roaming data`
  return `Posts ${what} ${type === 'form' ? 'as a form' : 'as JSON'} to ${quote(url)}; fails unless the answer is a success. Needs \`Security.rest_client_enable_arbitrary_urls\`.`
}

export const versions = {
  '2.4.177': {
    definition: oldDefinition,
    facts: { ...facts, sends: [{ to: 'url', param: 'url' }] } satisfies ActionFacts,
    explain: explainOld
  }
}
