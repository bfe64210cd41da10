import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { client } from '../../client/client.ts'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Switch } from '../../components/switch.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { enabledList, mispSettings, setEnabled, setList } from '../../stores/misp-settings.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { modulesNow } from '../../stores/added-modules.ts'

const columns = [
  { label: 'Enabled' },
  { label: 'Name' },
  { label: 'Type' },
  { label: 'Description' },
  { label: 'Kind' },
  { label: 'Blocking' },
  { label: 'Core format' },
  { label: 'Filters' },
  { label: 'Used in', right: true },
  { label: 'Version', right: true }
]

const filters = {
  logic: (one: ModuleDefinition) => one.module_type === 'logic',
  action: (one: ModuleDefinition) => one.module_type === 'action',
  blocking: (one: ModuleDefinition) => one.blocking,
  'built-in': (one: ModuleDefinition) => !one.is_misp_module && !one.is_custom,
  'misp-module': (one: ModuleDefinition) => one.is_misp_module,
  custom: (one: ModuleDefinition) => one.is_custom
} as const
type FilterName = keyof typeof filters | 'enabled' | 'disabled' | 'used'
const filterNames: readonly FilterName[] = [
  'enabled',
  'disabled',
  'logic',
  'action',
  'blocking',
  'built-in',
  'misp-module',
  'custom',
  'used'
]

export const kindOf = (one: ModuleDefinition): string =>
  one.is_custom ? 'custom' : one.is_misp_module ? 'misp-module' : 'built-in'

export function ModulesList() {
  const modules = useStore(library, (state) => state.modules)
  const settings = useStore(mispSettings, (state) => state.settings)
  const usage = useAnswer('modules.usage', {})
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [search, setSearch] = useState('')
  const [active, setActive] = useState<ReadonlySet<FilterName>>(new Set())
  const field = useRef<HTMLInputElement>(null)
  useEffect(
    () =>
      addCommands([
        {
          id: 'modules.search',
          title: 'Search modules',
          group: 'Modules',
          keys: '/',
          run: () => field.current?.focus()
        }
      ]),
    []
  )
  if (!modules) return <Loading label="Loading modules" />
  const all = modules.filter((one) => one.module_type !== 'trigger')
  const list = enabledList(settings, 'enabled_modules')
  const isEnabled = (id: string) => list === null || list.includes(id)
  const uses = new Map<string, number>()
  if (usage?.ok) for (const use of usage.data) uses.set(use.moduleId, (uses.get(use.moduleId) ?? 0) + 1)
  const wanted = search.toLowerCase()
  const passes = (one: ModuleDefinition, name: FilterName): boolean =>
    name === 'enabled'
      ? isEnabled(one.id)
      : name === 'disabled'
        ? !isEnabled(one.id)
        : name === 'used'
          ? uses.has(one.id)
          : filters[name](one)
  const shown = all.filter(
    (one) =>
      `${one.name} ${one.id} ${one.description}`.toLowerCase().includes(wanted) &&
      [...active].every((name) => passes(one, name))
  )
  const ids = all.map((one) => one.id)
  const toggle = (which: readonly string[], on: boolean) => void setEnabled('enabled_modules', which, on, ids)
  const open = (one: ModuleDefinition) => navigate(['modules', one.id])
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Modules">
        <h1>Modules</h1>
        <input
          ref={field}
          className="field"
          type="search"
          aria-label="Search modules"
          title="Search modules (/)"
          placeholder="Search modules"
          style={{ width: 150 }}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <div className="chips" role="group" aria-label="Filters">
          {filterNames.map((name) => (
            <button
              key={name}
              className="chip"
              aria-pressed={active.has(name)}
              onClick={() => setActive(toggled(active, name))}
            >
              {name}
            </button>
          ))}
        </div>
        <span className="grow" />
        <span className="muted" style={{ whiteSpace: 'nowrap' }}>
          {shown.length === all.length ? plural(all.length, 'module') : `${shown.length} of ${all.length}`}
        </span>
        <ServiceButton />
        <button
          className="btn"
          title="As in a new MISP installation: the nine modules enabled by default"
          onClick={() => void setList('enabled_modules', modulesNow().enabledByDefault)}
        >
          MISP’s defaults
        </button>
      </div>
      {list === null && (
        <div className="banner info">
          The workspace does not say which modules are enabled in your MISP: they are assumed enabled.
        </div>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {shown.length === 0 ? (
          <EmptyState
            title="No matching modules"
            actions={
              <button className="btn" onClick={() => (setSearch(''), setActive(new Set()))}>
                Show all
              </button>
            }
          />
        ) : (
          <DataGrid
            label="Modules"
            layout="module-columns"
            columns={columns}
            items={shown}
            id={(one) => one.id}
            selected={selected}
            onSelect={(next) => setSelected(new Set(next))}
            onOpen={open}
            menu={(one) => [
              { label: 'Open', run: () => open(one) },
              { label: 'Run this module', keys: 'x', run: () => navigate(['modules', one.id, 'execute']) },
              {
                label: isEnabled(one.id) ? 'Disable' : 'Enable',
                keys: ' ',
                run: () => toggle(selected.has(one.id) ? [...selected] : [one.id], !isEnabled(one.id))
              }
            ]}
            cells={(one) => (
              <>
                <Cell>
                  <Switch
                    on={isEnabled(one.id)}
                    assumed={list === null}
                    label={`${one.name} enabled`}
                    onChange={(on) => toggle([one.id], on)}
                  />
                </Cell>
                <Cell title={one.id}>
                  <span className="module-name">
                    <Icon name={moduleIcon(one.icon)} />
                    <a className="ellipsis" href={`#/modules/${encodeURIComponent(one.id)}`} tabIndex={-1}>
                      {one.name}
                    </a>
                  </span>
                </Cell>
                <Cell>
                  <span className="tag">{one.module_type}</span>
                </Cell>
                <Cell title={one.description}>
                  <span className="soft">{one.description}</span>
                </Cell>
                <Cell>{one.is_misp_module ? <span className="tag accent">misp-module</span> : kindOf(one)}</Cell>
                <Cell>{one.blocking && <span className="tag blocked">blocking</span>}</Cell>
                <Cell>{one.expect_misp_core_format && 'needed'}</Cell>
                <Cell>{one.support_filters && 'yes'}</Cell>
                <Cell right>{uses.get(one.id) ?? ''}</Cell>
                <Cell right mono>
                  {one.version}
                </Cell>
              </>
            )}
          />
        )}
      </div>
    </div>
  )
}

/** The service is contacted when somebody asks for it, and only then. */
function ServiceButton() {
  const [busy, setBusy] = useState(false)
  const ask = async () => {
    setBusy(true)
    const answer = await client.call('modules.fromService', {})
    setBusy(false)
    if (!answer.ok) return showFailure(answer.error)
    const { url, total, actions } = answer.data
    toast(`${url} lists ${plural(total, 'module')}, ${actions} of them for workflows`, { tone: 'success' })
  }
  return (
    <button
      className="btn"
      disabled={busy}
      title="Fetches the action modules from the configured misp-modules service. Without one, import /workflows/moduleIndex/type:all.json under World."
      onClick={() => void ask()}
    >
      <Icon name="download" /> From misp-modules
    </button>
  )
}

const toggled = <T,>(set: ReadonlySet<T>, value: T): ReadonlySet<T> => {
  const next = new Set(set)
  if (!next.delete(value)) next.add(value)
  return next
}
