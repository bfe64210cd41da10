import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Switch } from '../../components/switch.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { enabledList, mispSettings, setEnabled, setList } from '../../stores/misp-settings.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useList } from '../../hooks/use-list.ts'
import { ModulePreview } from './module-preview.tsx'
import { modulesNow } from '../../stores/added-modules.ts'

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

/** What the workspace says of modules: which are enabled, and how many workflows' nodes are of each. */
interface Standing {
  readonly isAssumed: boolean
  readonly isEnabled: (id: string) => boolean
  readonly uses: ReadonlyMap<string, number>
  readonly toggle: (ids: readonly string[], on: boolean) => void
}

function useStanding(all: readonly ModuleDefinition[]): Standing {
  const settings = useStore(mispSettings, (state) => state.settings)
  const usage = useAnswer('modules.usage', {})
  return useMemo(() => {
    const list = enabledList(settings, 'enabled_modules')
    const uses = new Map<string, number>()
    if (usage?.ok) for (const use of usage.data) uses.set(use.moduleId, (uses.get(use.moduleId) ?? 0) + 1)
    const ids = all.map((one) => one.id)
    return {
      isAssumed: list === null,
      isEnabled: (id) => list === null || list.includes(id),
      uses,
      toggle: (which, on) => void setEnabled('enabled_modules', which, on, ids)
    }
  }, [settings, usage, all])
}

const columnsFor = ({ isAssumed, isEnabled, uses, toggle }: Standing): readonly Column<ModuleDefinition>[] => [
  {
    ...{ id: 'enabled', label: 'Enabled', width: 52, sort: (one) => (isEnabled(one.id) ? 0 : 1) },
    cell: (one) => (
      <Switch
        on={isEnabled(one.id)}
        assumed={isAssumed}
        label={`${one.name} enabled`}
        onChange={(on) => toggle([one.id], on)}
      />
    )
  },
  {
    ...{ id: 'name', label: 'Name', width: 212, grow: 1.2, sort: (one) => one.name },
    title: (one) => one.id,
    cell: (one) => (
      <span className="module-name">
        <Icon name={moduleIcon(one.icon)} />
        <span className="ellipsis">{one.name}</span>
      </span>
    )
  },
  {
    ...{ id: 'type', label: 'Type', width: 56, sort: (one) => one.module_type, spare: 4 },
    cell: (one) => <span className="tag">{one.module_type}</span>
  },
  {
    ...{ id: 'description', label: 'Description', width: 160, grow: 3, sort: (one) => one.description, spare: 6 },
    title: (one) => one.description,
    cell: (one) => <span className="soft">{one.description}</span>
  },
  {
    ...{ id: 'kind', label: 'Kind', width: 84, sort: kindOf, spare: 2 },
    cell: (one) => (one.is_misp_module ? <span className="tag accent">misp-module</span> : kindOf(one))
  },
  {
    ...{ id: 'blocking', label: 'Blocking', width: 72, sort: (one) => (one.blocking ? 0 : 1), spare: 3 },
    cell: (one) => one.blocking && <span className="tag accent">blocking</span>
  },
  {
    ...{
      id: 'format',
      label: 'Core format',
      width: 76,
      sort: (one) => (one.expect_misp_core_format ? 0 : 1),
      spare: 8
    },
    cell: (one) => one.expect_misp_core_format && 'needed'
  },
  {
    ...{ id: 'filters', label: 'Filters', width: 48, sort: (one) => (one.support_filters ? 0 : 1), spare: 9 },
    cell: (one) => one.support_filters && 'yes'
  },
  {
    ...{ id: 'uses', label: 'Used in', right: true, width: 54, sort: (one) => uses.get(one.id) ?? 0, spare: 1 },
    cell: (one) => uses.get(one.id)
  },
  {
    ...{ id: 'version', label: 'Version', right: true, mono: true, width: 54, sort: (one) => one.version, spare: 7 },
    cell: (one) => one.version
  }
]

const open = (one: ModuleDefinition) => navigate(['modules', one.id])

function menuFor(
  one: ModuleDefinition,
  selected: ReadonlySet<string>,
  { isEnabled, toggle }: Standing
): readonly MenuItem[] {
  const ids = selected.has(one.id) ? [...selected] : [one.id]
  const isOne = ids.length === 1
  return [
    { label: 'Open', icon: 'eye', disabled: !isOne, run: () => open(one) },
    {
      ...{ label: 'Run this module', keys: 'x', icon: 'play', disabled: !isOne },
      run: () => navigate(['modules', one.id, 'execute'])
    },
    {
      ...{ label: isEnabled(one.id) ? 'Disable' : 'Enable', keys: 'e', icon: isEnabled(one.id) ? 'ban' : 'check' },
      run: () => toggle(ids, !isEnabled(one.id))
    }
  ]
}

const none: readonly ModuleDefinition[] = []

export function ModulesList() {
  const modules = useStore(library, (state) => state.modules)
  const all = useMemo(() => modules?.filter((one) => one.module_type !== 'trigger') ?? none, [modules])
  const standing = useStanding(all)
  const { search, selected, setSearch, select } = useList('Modules')
  const [active, setActive] = useState<ReadonlySet<FilterName>>(new Set())
  const columns = useMemo(() => columnsFor(standing), [standing])
  const { isEnabled, uses } = standing
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    const passes = (one: ModuleDefinition, name: FilterName): boolean => {
      if (name === 'enabled' || name === 'disabled') return isEnabled(one.id) === (name === 'enabled')
      return name === 'used' ? uses.has(one.id) : filters[name](one)
    }
    return all.filter(
      (one) =>
        `${one.name} ${one.id} ${one.description}`.toLowerCase().includes(wanted) &&
        [...active].every((name) => passes(one, name))
    )
  }, [all, search, active, isEnabled, uses])
  const toggleFilter = (name: FilterName) => {
    const next = new Set(active)
    if (!next.delete(name)) next.add(name)
    setActive(next)
  }
  return (
    <ListView
      title="Modules"
      label="Modules"
      search={{ label: 'Search modules', placeholder: 'Name, ID, description', value: search, onChange: setSearch }}
      filters={filterNames.map((name) => (
        <button key={name} className="chip" aria-pressed={active.has(name)} onClick={() => toggleFilter(name)}>
          {name}
        </button>
      ))}
      count={shown.length === all.length ? plural(all.length, 'module') : `${shown.length} of ${all.length}`}
      tools={
        <>
          <ServiceButton />
          <button
            className="btn"
            title="As in a new MISP installation: the nine modules enabled by default"
            onClick={() => void setList('enabled_modules', modulesNow().enabledByDefault)}
          >
            MISP’s defaults
          </button>
        </>
      }
      notices={
        standing.isAssumed && (
          <div className="banner info">
            The workspace does not say which modules are enabled in your MISP: they are assumed enabled.
          </div>
        )
      }
      items={modules ? shown : null}
      empty={
        <EmptyState
          title="No matching modules"
          actions={
            <button className="btn" onClick={() => (setSearch(''), setActive(new Set()))}>
              Show all
            </button>
          }
        />
      }
      columns={columns}
      id={(one) => one.id}
      selected={selected}
      onSelect={select}
      onOpen={open}
      menu={(one) => menuFor(one, selected, standing)}
      heading={(one) => one.name}
      several={(count) => plural(count, 'module')}
      preview={(one) => <ModulePreview module={one} kind={kindOf(one)} uses={uses.get(one.id) ?? 0} />}
    />
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
