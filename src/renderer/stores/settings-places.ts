// Where settings are: sections of the settings view, and MISP's settings that runs assume.

/** Ids are those of addresses: `#/settings/misp`. */
export const settingsSections = [
  ['trust', 'Trust'],
  ['version', 'MISP version'],
  ['listener', 'Listener'],
  ['storage', 'Storage'],
  ['misp', 'Assumed MISP settings'],
  ['live', 'Live services'],
  ['mocks', 'Mocks and responses'],
  ['modules', 'Custom modules'],
  ['templates', 'Templates'],
  ['workspace', 'Workspace'],
  ['look', 'Colours']
] as const

interface WorkflowSetting {
  readonly name: string
  readonly about: string
  readonly kind: 'switch' | 'text'
}

/** MISP settings that workflows depend on, each with what it does. */
export const workflowSettings: readonly WorkflowSetting[] = [
  { name: 'Plugin.Workflow_enable', about: 'Workflows are enabled', kind: 'switch' },
  {
    name: 'Security.rest_client_enable_arbitrary_urls',
    about: 'Webhook, MS Teams and Splunk modules may send requests',
    kind: 'switch'
  },
  { name: 'Plugin.Enrichment_services_enable', about: 'Templates and enrichment can use misp-modules', kind: 'switch' },
  { name: 'Plugin.Action_services_enable', about: 'Action modules of misp-modules are available', kind: 'switch' },
  {
    name: 'Plugin.ZeroMQ_tag_notifications_enable',
    about: 'Tagging fires tag-attached-after-save (or the Kafka setting)',
    kind: 'switch'
  },
  {
    name: 'Plugin.Kafka_tag_notifications_enable',
    about: 'Tagging fires tag-attached-after-save (or the ZeroMQ setting)',
    kind: 'switch'
  },
  { name: 'MISP.host_org_id', about: 'The organisation workflows run as', kind: 'text' }
]
