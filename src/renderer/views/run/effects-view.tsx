import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunDetail, RunEffect } from '../../../contract/run-views.ts'
import { client } from '../../client/client.ts'
import type { Column } from '../../components/list/columns.ts'
import { DataGrid } from '../../components/list/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes } from '../../components/format.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { Panes } from '../../components/panes.tsx'
import { addCommands } from '../../stores/commands.ts'
import { navigate } from '../../stores/router.ts'
import { loadRun, openRun, openRuns } from '../../stores/run.ts'
import type { Failure } from '../../../contract/wire.ts'
import { AnswerTag, ByTag, EffectDetail, NoEffect } from '../../step/effect-detail.tsx'
import { areEffectsKnown, NotPosted } from '../../step/effects-tab.tsx'
import { answerBody, effectKinds, kindLabels, requestBody, titleOf } from '../../step/effect-text.ts'
import type { EffectKind } from '../../step/effect-text.ts'
import { KeepMockDialog } from '../../step/keep-mock.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { RunHeader } from './run-header.tsx'
import { WorldDiffView } from '../../step/world-diff.tsx'
import '../../step/effects.css'
import '../../step/step.css'
import './run.css'

const pageSize = 200

interface Listed {
  /** Position in the run: what operations on one effect take. */
  readonly index: number
  readonly item: RunEffect
}

/** All effects that were asked for so far; the next page on request. */
function useEffects(
  runId: string,
  count: number
): {
  readonly list: readonly Listed[] | null
  readonly total: number
  readonly failure: Failure | null
  readonly more: () => void
} {
  const [state, setState] = useState<{ list: readonly Listed[] | null; total: number }>({ list: null, total: 0 })
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const load = async (from: number) => {
    setBusy(true)
    const answer = await client.call('run.effects', { runId, offset: from, limit: pageSize })
    setBusy(false)
    if (!answer.ok) return setFailure(answer.error)
    const page = answer.data.effects.map((item, i) => ({ index: from + i, item }))
    setState((was) => ({
      list: [...(was.list ?? []).filter((one) => one.index < from), ...page],
      total: answer.data.total
    }))
  }
  useEffect(() => void load(0), [runId, count])
  const loaded = state.list?.length ?? 0
  return { ...state, failure, more: () => void (!busy && loaded > 0 && loaded < state.total && load(loaded)) }
}

const columnsFor = (names: ReadonlyMap<number | null, string>): readonly Column<Listed>[] => [
  { id: 'no', label: '#', right: true, width: 26, cell: ({ index }) => index + 1 },
  {
    ...{ id: 'kind', label: 'Kind', width: 78 },
    cell: ({ item }) => <span className="kind-tag">{kindLabels[item.effect.kind]}</span>
  },
  {
    ...{ id: 'target', label: 'Target', width: 120, grow: 2.4, mono: true },
    title: ({ item }) => titleOf(item.effect),
    cell: ({ item }) => titleOf(item.effect)
  },
  { id: 'by', label: 'Answered by', width: 92, spare: 2, cell: ({ item }) => <ByTag item={item} /> },
  {
    ...{ id: 'response', label: 'Response', width: 88 },
    title: ({ item }) =>
      `${formatBytes(requestBody(item.effect).length)} out, ${formatBytes(answerBody(item.answer).length)} back`,
    cell: ({ item }) => <AnswerTag item={item} />
  },
  {
    ...{ id: 'node', label: 'Node', width: 80, grow: 1, spare: 1 },
    title: ({ item }) => `Node ${item.nodeId}${item.step === null ? '' : `, step ${item.step}`}`,
    cell: ({ item }) => (
      <>
        {names.get(item.nodeId) ?? 'node'} <span className="muted">· {item.nodeId}</span>
      </>
    )
  }
]

function EffectsList({ runId, detail }: { runId: string; detail: RunDetail }) {
  const { list, total, failure, more } = useEffects(runId, detail.summary.effects)
  const [kinds, setKinds] = useState<ReadonlySet<EffectKind>>(new Set())
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null)
  const [keeping, setKeeping] = useState(false)
  const names = useMemo(() => new Map(detail.steps.map((step) => [step.nodeId, step.name || step.moduleId])), [detail])
  const shown = useMemo(
    () => (list ?? []).filter(({ item }) => kinds.size === 0 || kinds.has(item.effect.kind)),
    [list, kinds]
  )
  const columns = useMemo(() => columnsFor(names), [names])
  if (failure) return <FailureState failure={failure} />
  if (!list) return <Loading label="Loading effects" />
  if (total === 0) return <EmptyState title="Nothing outgoing">No node sent a request, mail or message.</EmptyState>
  const toggle = (kind: EffectKind) => {
    const next = new Set(kinds)
    if (!next.delete(kind)) next.add(kind)
    setKinds(next)
  }
  const present = effectKinds.filter((kind) => list.some(({ item }) => item.effect.kind === kind))
  // Templates are many and seldom what one came for.
  const first = shown.find(({ item }) => item.effect.kind !== 'template') ?? shown[0]
  const ids = selected ?? new Set(first ? [String(first.index)] : [])
  const chosen = shown.find(({ index }) => ids.has(String(index))) ?? null
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Effects">
        <div className="chips" role="group" aria-label="Kinds">
          {present.map((kind) => (
            <button key={kind} className="chip" aria-pressed={kinds.has(kind)} onClick={() => toggle(kind)}>
              {kindLabels[kind]} {formatCount(list.filter(({ item }) => item.effect.kind === kind).length)}
            </button>
          ))}
        </div>
        <span className="grow" />
        <span className="muted">
          {plural(total, 'effect')}
          {list.length < total ? `, ${formatCount(list.length)} loaded` : ''}
        </span>
        <button className="btn" onClick={() => setKeeping(true)}>
          <Icon name="thumbtack" /> Save all as mocks…
        </button>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="effects"
          direction="row"
          panes={[
            {
              id: 'list',
              size: 50,
              min: 30,
              content: (
                <DataGrid
                  label="Effects"
                  columns={columns}
                  items={shown}
                  id={({ index }) => String(index)}
                  selected={ids}
                  onSelect={(next) => setSelected(new Set(next))}
                  onOpen={({ item }) => item.step !== null && navigate(['runs', runId, 'step', item.step])}
                  onEnd={more}
                />
              )
            },
            {
              id: 'detail',
              size: 50,
              min: 25,
              content: chosen ? (
                <EffectDetail key={chosen.index} runId={runId} index={chosen.index} item={chosen.item} />
              ) : (
                <NoEffect />
              )
            }
          ]}
        />
      </div>
      {keeping && <KeepMockDialog runId={runId} onClose={() => setKeeping(false)} />}
    </div>
  )
}

/** `#/runs/ID/effects` and `#/runs/ID/effects/world`: what a run sent or would have sent, and what it changed in MISP's database. */
export default function EffectsView({ runId, part }: { runId: string; part: string | undefined }) {
  useEffect(() => openRun(runId), [runId])
  const run = useStore(openRuns, ({ byId }) => byId.get(runId))
  useTitle(run?.detail ? `Effects of ${runTitle(run.detail.summary)}` : null)
  useEffect(
    () =>
      addCommands([
        {
          id: 'effects.back',
          title: 'Back to the run',
          group: 'Run',
          keys: 'escape',
          run: () => navigate(['runs', runId])
        },
        {
          id: 'effects.out',
          title: 'Outgoing',
          group: 'Run',
          keys: '1',
          run: () => navigate(['runs', runId, 'effects'], undefined, true)
        },
        {
          id: 'effects.world',
          title: 'Database changes',
          group: 'Run',
          keys: '2',
          run: () => navigate(['runs', runId, 'effects', 'world'], undefined, true)
        }
      ]),
    [runId]
  )
  const detail = run?.detail
  if (!detail)
    return run?.failure ? (
      <FailureState failure={run.failure} retry={() => void loadRun(runId)} />
    ) : (
      <Loading label="Opening run" />
    )
  const world = part === 'world'
  const isKnown = areEffectsKnown(detail.summary)
  const tabs = [
    { id: 'out', label: 'Outgoing', count: detail.summary.effects, on: !world, go: ['runs', runId, 'effects'] },
    {
      id: 'world',
      label: 'MISP’s database',
      count: detail.summary.worldChanges,
      on: world,
      go: ['runs', runId, 'effects', 'world']
    }
  ]
  return (
    <div className="column">
      <RunHeader detail={detail} rebuilt={run.rebuilt} workflow={run.workflow} />
      <div className="tabs" role="tablist" aria-label="Effects of the run">
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`effects-${tab.id}`}
            role="tab"
            aria-selected={tab.on}
            aria-controls="effects-panel"
            tabIndex={tab.on ? 0 : -1}
            onClick={() => navigate(tab.go, undefined, true)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
              const other = tabs.find((one) => one.id !== tab.id)
              if (other) navigate(other.go, undefined, true)
              document.getElementById(`effects-${other?.id}`)?.focus()
            }}
          >
            {tab.label}
            {isKnown && <span className="count">{formatCount(tab.count)}</span>}
          </button>
        ))}
      </div>
      <div
        id="effects-panel"
        role="tabpanel"
        aria-labelledby={`effects-${world ? 'world' : 'out'}`}
        className="grow"
        style={{ minHeight: 0 }}
      >
        {!isKnown ? (
          <NotPosted />
        ) : world ? (
          <WorldDiffView detail={detail} />
        ) : (
          <EffectsList runId={runId} detail={detail} />
        )}
      </div>
    </div>
  )
}
