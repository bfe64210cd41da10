// Which URL of MISP to save for what, and how the same is fetched. Reading only: all of them are GET.
import type { TakeOverSource } from '../../contract/effects.ts'
import { rtrim } from '../../engine/php/cast.ts'

interface Source {
  readonly kind: string
  readonly path: string
  readonly text: string
  /** Answers a list whose items are then fetched one by one. */
  readonly each?: { readonly list: string; readonly item: string }
}

export const sources: readonly Source[] = [
  {
    kind: 'workflow',
    path: '/workflows/view/ID.json',
    text: 'One workflow with its nodes. ID is the number in its URL.'
  },
  {
    kind: 'workflows',
    path: '/workflows/index.json',
    text: 'The list of workflows; with a key each of them is fetched, too.',
    each: { list: '/workflows/index.json', item: '/workflows/view/ID.json' }
  },
  { kind: 'version', path: '/servers/getVersion.json', text: 'Its version, to behave like it.' },
  { kind: 'triggers', path: '/workflows/triggers.json', text: 'Which triggers are enabled, with their workflows.' },
  {
    kind: 'modules',
    path: '/workflows/moduleIndex/type:all.json',
    text: 'Which modules are enabled, and those of misp-modules.'
  },
  { kind: 'event', path: '/events/view/ID.json', text: 'One complete event. ID is its number or UUID.' },
  {
    kind: 'events',
    path: '/events/restSearch/limit:20.json',
    text: 'Twenty events; you can use your own search in the URL: tag:tlp%3Ared/limit:50. A run uses one of them.'
  },
  { kind: 'tags', path: '/tags/index.json', text: 'Tags, used in conditions and pickers.' },
  { kind: 'organisations', path: '/organisations/index/scope:all.json', text: 'Organisations.' },
  {
    kind: 'users',
    path: '/admin/users/index.json',
    text: 'Users, the recipients of mails. Keys and passwords are left out.'
  },
  { kind: 'roles', path: '/roles/index.json', text: 'Roles, to know who is an admin.' },
  { kind: 'sharing_groups', path: '/sharing_groups/index.json', text: 'Sharing groups.' },
  {
    kind: 'warninglists',
    path: '/warninglists/view/ID.json',
    text: 'A warninglist with its entries; or list.json of MISP’s repository of warninglists.',
    each: { list: '/warninglists/index/enabled:1.json', item: '/warninglists/view/ID.json' }
  },
  {
    kind: 'galaxies',
    path: '/galaxies/view/ID.json',
    text: 'A galaxy with its clusters.',
    each: { list: '/galaxies/index.json', item: '/galaxies/view/ID.json' }
  },
  {
    kind: 'taxonomy',
    path: '/taxonomies/view/ID.json',
    text: 'Tags of a taxonomy; or machinetag.json of MISP’s repository of taxonomies.'
  },
  { kind: 'decaying_models', path: '/decayingModel/index.json', text: 'Decaying models.' },
  {
    kind: 'settings',
    path: '/servers/serverSettings.json',
    text: 'Settings that workflows use. Passwords and keys are left out.'
  }
]

export const sourcesFor = (address: string): readonly TakeOverSource[] => {
  const base = rtrim(address, '/')
  return sources.map(({ kind, path, text }) => ({ kind, url: `${base}${path}`, text }))
}
