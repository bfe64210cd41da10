// What the workspace says about MISP's settings, and which modules and triggers are enabled there.
import { createStore } from 'zustand/vanilla'
import type { Json, JsonMap } from '../../contract/json.ts'
import { client } from '../client/client.ts'
import { showFailure } from './app.ts'

interface Known {
  readonly settings: JsonMap | null
  /** A person named a misp-modules service: templates can be rendered there. */
  readonly serviceSet: boolean
}

export const mispSettings = createStore<Known>(() => ({ settings: null, serviceSet: false }))

async function reloadSettings(): Promise<void> {
  const [answer, live] = await Promise.all([client.call('workspace.settings', {}), client.call('live.settings', {})])
  if (answer.ok) mispSettings.setState({ settings: answer.data })
  if (live.ok) mispSettings.setState({ serviceSet: live.data.mispModules.set })
}

/** Keeps MISP settings in the workspace. */
export async function saveSettings(changes: JsonMap): Promise<void> {
  const answer = await client.call('workspace.set', { settings: changes })
  if (!answer.ok) return showFailure(answer.error)
  mispSettings.setState({ settings: answer.data })
}

type ListName = 'enabled_modules' | 'enabled_triggers' | 'enabled_adhoc'

/** null: nobody said, and a run takes everything for enabled. */
export function enabledList(settings: JsonMap | null, name: ListName): readonly string[] | null {
  const list = settings?.[name]
  return Array.isArray(list) ? (list as readonly Json[]).map(String) : null
}

/** Switches some on or off. The first switch turns "nobody said" into a list of all but those. */
export async function setEnabled(
  name: ListName,
  ids: readonly string[],
  enabled: boolean,
  all: readonly string[]
): Promise<void> {
  const known = enabledList(mispSettings.getState().settings, name) ?? all
  const others = known.filter((id) => !ids.includes(id))
  await saveSettings({ [name]: enabled ? [...others, ...ids] : others })
}

export const setList = (name: ListName, ids: readonly string[] | null): Promise<void> =>
  saveSettings({ [name]: ids === null ? null : [...ids] })

client.on('workspace.changed', () => void reloadSettings())
client.onState((state) => state === 'open' && void reloadSettings())
