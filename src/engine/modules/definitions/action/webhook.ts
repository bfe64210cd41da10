import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

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

export const explain: Explain = () => definition.description
