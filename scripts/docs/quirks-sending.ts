import { single } from './quirk.ts'
import type { Quirk } from './quirk.ts'

const hook = {
  url: 'https://hook.example/misp',
  content_type: 'json',
  request_method: 'post',
  payload: '',
  headers: ''
}
const splunk = {
  url: 'https://splunk.example:8088',
  verify_tls: '1',
  hec_token: 'TOKEN',
  source_type: 'misp',
  event_per_attribute: '0'
}
const telegram = { bot_token: 'TOKEN', chat_id: '5', message_body_template: '{{ Event.info }}' }

export const sendQuirks: readonly Quirk[] = [
  {
    module: 'webhook',
    title: 'An empty payload sends the whole data, and `null` in 2.4.198',
    runs: [
      single('webhook', {
        params: hook,
        more: '--json',
        prints: /"body": "\{\\"Event\\":\{\\"id\\":\\"321\\"/,
        only: /^ {16}"(?:url|method)"/
      }),
      single('webhook', {
        params: hook,
        more: '--json',
        in: '2.4.198',
        prints: /"body": "null"/,
        only: /^ {16}"(?:url|method|body)"/
      })
    ]
  },
  {
    module: 'webhook',
    title: 'With MISP’s own settings it sends nothing',
    text: '`Security.rest_client_enable_arbitrary_urls` is off unless somebody switches it on. Runs of Retrace assume that it is on; `--misp-defaults` begins with MISP’s settings.',
    runs: [
      single('webhook', {
        params: hook,
        more: '--misp-defaults',
        prints: /error {4}`Security\.rest_client_enable_arbitrary_urls` is turned off/
      })
    ]
  },
  {
    module: 'webhook',
    title: 'In 2.4.177 an answer without a body is a failure',
    text: 'That version sends with another client. The request leaves all the same.',
    runs: [
      single('webhook', { params: hook, in: '2.4.177', prints: /error {4}Something went wrong[\s\S]*effect {3}http/ })
    ]
  },
  {
    module: 'ms-teams-webhook',
    title: 'In 2.4.177 an answer without a body is a failure',
    text: 'It is made from the webhook of that version.',
    runs: [
      single('ms-teams-webhook', {
        params: { url: 'https://hook.example/misp', content_type: 'form', data_extraction_path: 'Event.info' },
        in: '2.4.177',
        prints: /error {4}Something went wrong/
      })
    ]
  },
  {
    module: 'splunk-hec-export',
    title: 'It sends in 2.4.177 only; in every other version it aborts the run',
    text: 'It hands its TLS settings over as the request method, and asks an answer that it never got.',
    runs: [
      single('splunk-hec-export', {
        params: splunk,
        prints: /threw Error: Call to a member function isOk\(\) on null/,
        not: /effect/
      }),
      single('splunk-hec-export', { params: splunk, in: '2.5-newest', prints: /threw Error/, not: /effect/ }),
      single('splunk-hec-export', { params: splunk, in: '2.4.177', prints: /effect {3}http/ })
    ]
  },
  {
    module: 'telegram-send-alert',
    title: 'In 2.4.177 it sends to an address that Telegram does not have',
    text: 'The `bot` before the token is missing.',
    runs: [
      single('telegram-send-alert', {
        params: telegram,
        more: '--json --secrets',
        prints: /telegram\.org\\?\/botTOKEN/,
        only: /^ {16}"url"/
      }),
      single('telegram-send-alert', {
        params: telegram,
        more: '--json --secrets',
        in: '2.4.177',
        prints: /telegram\.org\\?\/TOKEN/,
        only: /^ {16}"url"/
      })
    ]
  },
  {
    module: 'telegram-send-alert',
    title: 'A template needs misp-modules, which MISP’s own settings have switched off',
    text: 'Up to 2.5.1 that aborts the run; since 2.5.19 the text is empty.',
    runs: [
      single('telegram-send-alert', {
        params: telegram,
        more: '--misp-defaults',
        prints: /threw TypeError: WorkflowBaseModule::render_jinja_template\(\)/
      }),
      single('telegram-send-alert', {
        params: telegram,
        more: '--misp-defaults',
        in: '2.5.19',
        prints: /^Telegram/,
        not: /TypeError/
      })
    ]
  },
  {
    module: 'push-zmq',
    title: 'A path that finds nothing still publishes',
    runs: [
      single('push-zmq', {
        params: { data_extraction_path: 'Event.nothing' },
        prints: /^.+ {2}true[\s\S]*effect {3}zmq/
      })
    ]
  },
  {
    module: 'send-mail',
    title: 'It succeeds where there is nobody to write to',
    text: 'The database of this run has no users: “All accounts” are none. No mail is made.',
    runs: [
      single('send-mail', {
        params: {
          recipients: ['All accounts'],
          mail_template_subject: 'Published',
          mail_template_body: '{{ Event.info }}'
        },
        prints: /^.+ {2}true/,
        not: /effect {3}mail/
      })
    ]
  },
  {
    module: 'send-mail',
    title: 'Without a subject it fails',
    runs: [
      single('send-mail', {
        params: { recipients: ['All admins'], mail_template_subject: '', mail_template_body: 'Published' },
        prints: /error {4}The mail template is empty\./
      })
    ]
  },
  {
    module: 'send-log-mail',
    title: 'It succeeds where there is nobody to write to',
    runs: [
      single('send-log-mail', {
        params: { recipients: ['All admins'], mail_template_subject: 'Published', mail_template_body: 'Published' },
        prints: /^.+ {2}true/,
        not: /effect {3}mail/
      })
    ]
  },
  {
    module: 'publish-event',
    title: 'It changes the database, not the data',
    text: 'A condition on `published` behind this node still sees what was there before.',
    runs: [single('publish-event', { params: {}, prints: /database events changed[\s\S]*the data is unchanged/ })]
  }
]
