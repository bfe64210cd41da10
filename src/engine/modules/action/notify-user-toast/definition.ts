import { say, aborts } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

const text = (id: string, label: string) => ({
  id,
  label,
  type: 'textarea',
  placeholder: 'The **template** will be rendered using *Jinja2*!',
  jinja_supported: true
})

export const definition = defineAction({
  id: 'notify-user-toast',
  name: 'Notify User Toast',
  description: 'Allow to send a toast in the UI to the user that initiated the workflow.',
  icon: 'bell',
  inputs: 1,
  outputs: 1,
  params: [
    {
      id: 'variant',
      label: 'Variant',
      type: 'select',
      options: { danger: 'danger', warning: 'warning', info: 'info' },
      default: 'info'
    },
    text('toast_header', 'Toast Header'),
    text('toast_body', 'Toast Body')
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain = explains(definition, (node) => {
  const texts = ['toast_header', 'toast_body']
  if (texts.every((id) => node.isBlank(id)))
    return say`Shows nothing and fails: ${node.by('toast_body', 'the toast has no text')}.`
  const rendered = texts.some((id) => node.hasTemplate(id)) && ' (templates rendered)'
  return aborts`Aborts the run with a TypeError where no user caused it (a scheduled job, a branch of a concurrent task); else shows that user a toast ${node.the('toast_header')} with the text ${node.the('toast_body')}${rendered}.`
})
