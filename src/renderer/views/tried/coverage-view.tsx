// What of a workflow has run, on its graph and as text: `#/workflows/coverage?workflow=ID`.
import { Suspense, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { Coverage } from '../../../contract/coverage.ts'
import type { Json } from '../../../contract/json.ts'
import type { Params } from '../../../contract/operations.ts'
import type { Answer } from '../../../contract/wire.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { client } from '../../client/client.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { CheckRow, SelectRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { drawingOf, noMarks } from '../../components/workflow-graph/graph-model.ts'
import type { GraphDrawing, RunMarks } from '../../components/workflow-graph/graph-model.ts'
import { WorkflowGraph } from '../../components/workflow-graph/lazy-graph.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'
import { sendTriedFiles } from '../../stores/tried-files.ts'
import { CoverageTable } from './coverage-table.tsx'
import { OverFields, overParams, type Over } from './over-fields.tsx'
import { setupOptions, SetupFields, usualSetup } from './setup-fields.tsx'
import './tried.css'

interface Covered {
  readonly coverage: Coverage
  readonly workflow: Json
}

async function countedOf(params: Params<'coverage.report'>, files: readonly File[]): Promise<Answer<Covered>> {
  const found = await client.call('workflows.get', { workflowId: params.workflowId })
  if (!found.ok) return found
  const sent = await sendTriedFiles(files)
  if (!sent.ok) return sent
  const counted = await client.call('coverage.report', { ...params, files: sent.data })
  return counted.ok ? { ok: true, data: { coverage: counted.data, workflow: found.data.workflow } } : counted
}

export default function CoverageView({ query }: { query: ReadonlyMap<string, string> }) {
  useTitle('Coverage')
  const workflows = useStore(library, (state) => state.workflows)
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [over, setOver] = useState<Over>({ runs: '100', data: false, files: [] })
  const [cases, setCases] = useState(false)
  const [setup, setSetup] = useState(usualSetup)
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer<Covered> | null>(null)
  const count = async () => {
    const options = setupOptions(setup)
    if (typeof options === 'string') return toast(options)
    setBusy(true)
    setAnswer(
      await countedOf({ workflow: { workflowId }, workflowId, ...overParams(over), cases, options }, over.files)
    )
    setBusy(false)
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Coverage">
        <h1>Coverage</h1>
        <span className="muted ellipsis">Nodes, connections and sides of conditions that have run</span>
      </div>
      <div className="scroll tried" tabIndex={0} aria-label="What has run">
        <form
          className="tried-form"
          onSubmit={(event) => {
            event.preventDefault()
            void count()
          }}
        >
          <SelectRow id="coverage-workflow" label="Workflow" value={workflowId} onChange={setWorkflow}>
            <option value="">Choose a workflow</option>
            {(workflows ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectRow>
          <OverFields id="coverage" over={over} onChange={setOver} runs="Runs of it" />
          <CheckRow label="Cases of the workspace that are about it" checked={cases} onChange={setCases} />
          <SetupFields
            id="coverage"
            setup={setup}
            onChange={setSetup}
            title="MISP setup"
            hint="For runs on data sets and files; the MISP version for cases, too. Past runs count as they were."
          />
          <button className="btn primary" disabled={busy || workflowId === ''}>
            {busy ? <span className="spinner" style={{ width: 11, height: 11 }} /> : <Icon name="check" />} Count
          </button>
        </form>
        <Result answer={answer} busy={busy} workflowId={workflowId} />
      </div>
    </div>
  )
}

interface ResultProps {
  readonly answer: Answer<Covered> | null
  readonly busy: boolean
  readonly workflowId: string
}

function Result({ answer, busy, workflowId }: ResultProps) {
  if (answer && !busy && !answer.ok) return <FailureState failure={answer.error} />
  if (!answer?.ok)
    return (
      <EmptyState title={busy ? 'Counting…' : 'Not counted yet'}>
        Runs count as they were, captured and local ones. On data sets and files the workflow is run, and cases run on
        it; nothing is sent.
      </EmptyState>
    )
  const { percent, covered, total, runs, leftOut } = answer.data.coverage
  return (
    <>
      <p className="tried-summary" role="status">
        {percent} % covered: {covered} of {total} nodes, connections and sides, in {plural(runs, 'run')}.
        {leftOut > 0 && ` ${formatCount(leftOut)} left out: no input for it, or a case of another workflow.`}
      </p>
      <CoverageGraph covered={answer.data} workflowId={workflowId} />
      <CoverageTable {...answer.data} workflowId={workflowId} />
    </>
  )
}

function CoverageGraph({ covered: { coverage, workflow }, workflowId }: { covered: Covered; workflowId: string }) {
  const drawing = useMemo((): GraphDrawing => {
    const plain = drawingOf(workflow)
    return { ...plain, nodes: plain.nodes.map((node) => ({ ...node, number: `${coverage.nodes[node.nodeId] ?? 0}×` })) }
  }, [workflow, coverage])
  const marks = useMemo((): RunMarks => {
    const hit = drawing.nodes.filter(({ nodeId }) => (coverage.nodes[nodeId] ?? 0) > 0)
    const idOf = new Map(drawing.nodes.map(({ id, nodeId }) => [id, nodeId]))
    const taken = drawing.edges.filter(
      ({ source, output, target }) => (coverage.edges[`${idOf.get(source)}.${output}->${idOf.get(target)}`] ?? 0) > 0
    )
    return {
      nodes: new Map(hit.map(({ nodeId }) => [nodeId, { ...noMarks, state: 'done' }])),
      edges: new Map(taken.map(({ id }) => [id, 0]))
    }
  }, [drawing, coverage])
  const open = (nodeId: number) => navigate(['workflows', workflowId], { node: String(nodeId) })
  return (
    <section className="tried-graph" aria-label="What has run on the graph">
      <Suspense fallback={<Loading label="Drawing graph" />}>
        <WorkflowGraph drawing={drawing} marks={marks} selected={null} onSelect={open} />
      </Suspense>
    </section>
  )
}
