// A workflow that does everything that can leave a run: a tag in MISP's database, a webhook with a secret, a ZMQ message and a mail.
interface Action {
  readonly id: string
  readonly name: string
  readonly type?: 'trigger' | 'action'
  readonly params: Record<string, unknown>
}

/** A graph of nodes in a row, in MISP's format, its trigger first. */
function chain(name: string, actions: readonly Action[]): { readonly Workflow: Record<string, unknown> } {
  const nodes = actions.map(({ id, name: label, type = 'action', params }, i) => [
    String(i + 1),
    {
      id: i + 1,
      name: label,
      data: {
        id,
        name: label,
        module_type: type,
        module_version: '0.1',
        indexed_params: params,
        saved_filters: { selector: '', value: '', operator: '', path: '' },
        node_uid: `node${i + 1}`
      },
      class: `block-type-${type}`,
      typenode: false,
      inputs: i === 0 ? [] : { input_1: { connections: [{ node: String(i), input: 'output_1' }] } },
      outputs: {
        output_1: { connections: i === actions.length - 1 ? [] : [{ node: String(i + 2), output: 'input_1' }] }
      },
      pos_x: 60 + 260 * i,
      pos_y: 180
    }
  ])
  return {
    Workflow: {
      id: '90',
      uuid: '2b1c5a52-1f3e-4e43-9d4b-0b36a7f1c590',
      name,
      description: 'Tags, calls, publishes and mails.',
      timestamp: '1729491600',
      enabled: true,
      counter: '0',
      trigger_id: actions[0]?.id,
      debug_enabled: true,
      data: Object.fromEntries(nodes) as unknown
    }
  }
}

/** `url` is what the webhook calls. */
export const everything = (url: string) =>
  chain('Tell everybody', [
    { id: 'event-after-save', name: 'Event After Save', type: 'trigger', params: {} },
    {
      id: 'tag_operation',
      name: 'Tag operation',
      params: {
        scope: 'event',
        action: 'add',
        locality: 'local',
        tags: ['workflow:state="reviewed"', 'harbour:unheard-of'],
        relationship_type: ''
      }
    },
    {
      id: 'webhook',
      name: 'Webhook',
      params: {
        url,
        content_type: 'json',
        request_method: 'post',
        self_signed: 'deny',
        payload: '{"id": "{{ Event.id }}"}',
        headers: 'Authorization: Bearer wh-secret-1\nX-Team: red'
      }
    },
    { id: 'push-zmq', name: 'Push to ZMQ', params: { data_extraction_path: 'Event.info' } },
    {
      id: 'send-mail',
      name: 'Send Mail',
      params: {
        recipients: ['All admins'],
        mail_template_subject: 'Saved: {{ Event.info }}',
        mail_template_body: 'Dear team,\n\n{{ Event.info }} was saved.\n\nMISP'
      }
    }
  ])
