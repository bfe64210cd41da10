// The tabs of the inspector: what there is to see of a step, and of the trigger.
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Json } from '../../../contract/json.ts'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { editedBefore } from './answered-tags.tsx'
import { ChangesTab } from '../../step/changes-tab.tsx'
import { EffectsTab } from '../../step/effects-tab.tsx'
import { ErrorsTab } from './errors-tab.tsx'
import { FiltersTab } from './filters-tab.tsx'
import { savedNode } from '../../step/node-params.ts'
import { ParametersTab } from './parameters-tab.tsx'
import { ShowSecrets } from '../../step/show-secrets.tsx'
import { SummaryTab } from './summary-tab.tsx'
import { useStepSource } from '../../step/step-source.ts'
import { WhoSet } from './who-set.tsx'
import { addWatch } from '../../stores/watches.ts'
import type { StepValue } from '../../../contract/operations.ts'

interface Tab {
  readonly id: string
  readonly label: string
  readonly count?: number
  readonly derived?: boolean
  readonly content: ReactNode
}

function ValueTab({
  detail,
  step,
  which,
  label,
  reveal
}: {
  detail: RunDetail
  step: number
  which: StepValue
  label: string
  reveal?: ValuePath | null
}) {
  const source = useStepSource(detail.summary.id, step, which)
  const [asked, setAsked] = useState<ValuePath | null>(null)
  const side = which === 'input' ? 'input' : 'output'
  // The original data is there before anything is done to it.
  const canAsk = which === 'input' || which === 'output' || which === 'normalized'
  return (
    <div className="column">
      <div className="grow" style={{ minHeight: 0 }}>
        <JsonTree
          key={source.key}
          source={source}
          label={label}
          reveal={reveal ?? null}
          onWhoSet={canAsk ? setAsked : undefined}
          onWatch={canAsk ? (path) => addWatch(detail.summary.id, path) : undefined}
        />
      </div>
      {asked && <WhoSet detail={detail} step={step} which={side} path={asked} close={() => setAsked(null)} />}
    </div>
  )
}

/** Says above what is shown that MISP did not report it, or that a person changed it. */
function Labelled({
  derived,
  edited,
  children
}: {
  derived: string | null
  edited?: string | null
  children: ReactNode
}) {
  if (derived === null && !edited) return children
  return (
    <div className="column">
      {derived !== null && (
        <p className="derived-note">
          <span className="tag derived">derived</span> {derived}
        </p>
      )}
      {edited && (
        <p className="derived-note">
          <span className="tag edited">edited</span> {edited}
        </p>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {children}
      </div>
    </div>
  )
}

/** The step's post; tokens of its module are dots until somebody asks for them. */
function PostTab({ detail, step, reveal }: { detail: RunDetail; step: number; reveal: ValuePath | null }) {
  const [secrets, setSecrets] = useState(false)
  const source = useStepSource(detail.summary.id, step, 'post', secrets)
  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
      <ShowSecrets on={secrets} change={setSecrets} />
      <div style={{ flex: 1, minHeight: 0 }}>
        <JsonTree key={source.key} source={source} label="Post" reveal={reveal} />
      </div>
    </div>
  )
}

const errorCount = (errors: Json): number =>
  typeof errors === 'object' && errors !== null ? Object.keys(errors).length : 0

export function tabsOf(
  detail: RunDetail,
  item: RunStep,
  workflow: Json,
  show: (tab: string, path: ValuePath) => void,
  reveal: ValuePath | null
): readonly Tab[] {
  const value = (which: StepValue, label: string) => (
    <ValueTab detail={detail} step={item.step} which={which} label={label} reveal={reveal} />
  )
  const { filters } = savedNode(workflow, item.nodeId)
  const edited = editedBefore(detail, item.step)
  const problems = errorCount(item.errors) + (item.message ? 1 : 0) + (item.answerErrors?.length ?? 0)
  return [
    {
      id: 'summary',
      label: 'Summary',
      content: <SummaryTab detail={detail} step={item} workflow={workflow} show={show} />
    },
    {
      id: 'input',
      label: 'Input',
      derived: item.derived.includes('input'),
      content: (
        <Labelled
          derived={
            item.derived.includes('input')
              ? 'MISP does not report a node’s input: this is the data of the previous post.'
              : null
          }
          edited={edited}
        >
          {value('input', 'Input')}
        </Labelled>
      )
    },
    {
      id: 'output',
      label: 'Output',
      content: (
        <Labelled derived={null} edited={edited}>
          {value('output', 'Output')}
        </Labelled>
      )
    },
    {
      id: 'changes',
      label: 'Changes',
      derived: item.derived.includes('changes'),
      content: (
        <Labelled derived={item.derived.includes('changes') ? 'Compared with the data of the previous post.' : null}>
          <ChangesTab detail={detail} step={item} show={show} />
        </Labelled>
      )
    },
    {
      id: 'parameters',
      label: 'Parameters',
      content: <ParametersTab detail={detail} step={item} workflow={workflow} />
    },
    ...(item.moduleId === 'generic-filter-data' || Object.values(filters).some((value) => value !== '')
      ? [
          {
            id: 'filters',
            label: 'Filters',
            content: <FiltersTab detail={detail} step={item} filters={filters} show={show} />
          }
        ]
      : []),
    {
      id: 'effects',
      label: 'Effects',
      count: item.effects + item.worldChanges,
      content: <EffectsTab detail={detail} step={item} />
    },
    { id: 'errors', label: 'Errors and log', count: problems, content: <ErrorsTab detail={detail} step={item} /> },
    {
      id: 'post',
      label: detail.summary.origin === 'captured' ? 'Raw post' : 'Post',
      content: <PostTab detail={detail} step={item.step} reveal={reveal} />
    }
  ]
}

export function triggerTabs(detail: RunDetail, reveal: ValuePath | null): readonly Tab[] {
  const value = (which: StepValue, label: string) => (
    <ValueTab detail={detail} step={0} which={which} label={label} reveal={reveal} />
  )
  const labelled = (content: ReactNode) => (
    <Labelled derived={null} edited={editedBefore(detail, 0)}>
      {content}
    </Labelled>
  )
  // A module on its own gets its data from a person: there is no trigger that MISP would post.
  if (isModuleRun(detail.summary))
    return [
      { id: 'output', label: 'Input', content: labelled(value('normalized', 'Input')) },
      { id: 'input', label: 'As it was given', content: labelled(value('original', 'As it was given')) }
    ]
  return [
    { id: 'output', label: 'Normalized data', content: labelled(value('normalized', 'Normalized data')) },
    { id: 'input', label: 'Original data', content: labelled(value('original', 'Original data')) },
    {
      id: 'post',
      label: detail.summary.origin === 'captured' ? 'Raw post' : 'Post',
      content: <PostTab detail={detail} step={0} reveal={reveal} />
    }
  ]
}
