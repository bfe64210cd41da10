// What of a workflow has run, on its graph and as text: `#/workflows/coverage?workflow=ID`.
import { useMemo, useState } from 'react'
import type { Coverage } from '../../../contract/coverage.ts'
import type { Json } from '../../../contract/json.ts'
import type { Params } from '../../../contract/operations.ts'
import type { Answer } from '../../../contract/wire.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { client } from '../../client/client.ts'
import { CheckRow, TextRow } from '../../components/form-row.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { noMarks } from '../../components/workflow-graph/graph-marks.ts'
import type { GraphDrawing } from '../../components/workflow-graph/graph-model.ts'
import type { RunMarks } from '../../components/workflow-graph/graph-marks.ts'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { navigate } from '../../stores/router.ts'
import { sendTried } from '../../stores/tried-files.ts'
import { CoverageTable } from './coverage-table.tsx'
import { OverFields, overParams, type Over } from './over-fields.tsx'
import { setupOptions, SetupFields, usualSetup } from './setup-fields.tsx'
import { refused, TriedFrame, WorkflowSelect } from './tried-frame.tsx'

interface Covered {
  readonly coverage: Coverage
  readonly workflow: Json
  readonly workflowId: string
}

async function countedOf(
  params: Params<'coverage.report'>,
  given: Parameters<typeof sendTried>[0]
): Promise<Answer<Covered>> {
  const found = await client.call('workflows.get', { workflowId: params.workflowId })
  if (!found.ok) return found
  const sent = await sendTried(given)
  if (!sent.ok) return sent
  const counted = await client.call('coverage.report', { ...params, ...sent.data })
  if (!counted.ok) return counted
  return { ok: true, data: { coverage: counted.data, workflow: found.data.workflow, workflowId: params.workflowId } }
}

export function CoverageView({ query }: { query: ReadonlyMap<string, string> }) {
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [over, setOver] = useState<Over>({ runs: '100', data: false, files: [] })
  const [cases, setCases] = useState(false)
  const [setup, setSetup] = useState(usualSetup)
  const [min, setMin] = useState('')
  const ask = async (): Promise<Answer<Covered> | null> => {
    const options = setupOptions(setup)
    if (typeof options === 'string') return refused(options)
    return countedOf(
      { workflow: { workflowId }, workflowId, ...overParams(over), cases, options },
      { files: over.files, world: setup.world }
    )
  }
  return (
    <TriedFrame
      title="Coverage"
      about="Nodes, connections and sides of conditions that have run"
      label="What has run"
      fields={
        <>
          <WorkflowSelect id="coverage-workflow" value={workflowId} onChange={setWorkflow} none="Choose a workflow" />
          <OverFields id="coverage" over={over} onChange={setOver} runs="Runs of it" />
          <CheckRow label="Cases of the workspace that are about it" checked={cases} onChange={setCases} />
          <TextRow
            id="coverage-min"
            label="At least, in %"
            type="number"
            min={0}
            max={100}
            placeholder="any"
            value={min}
            onChange={setMin}
          />
          <SetupFields
            id="coverage"
            setup={setup}
            onChange={setSetup}
            title="MISP setup"
            hint="For runs on data sets and files; the MISP version for cases, too. Past runs count as they were."
            worldLabel="World"
          />
        </>
      }
      button={{ icon: 'check', text: 'Count', isOff: workflowId === '' }}
      ask={ask}
      before={{
        busy: 'Counting…',
        idle: 'Not counted yet',
        text: 'Runs count as they were, captured and local ones. On data sets and files the workflow is run, and cases run on it; nothing is sent.'
      }}
      result={(covered) => <Result {...covered} min={min === '' ? 0 : Number(min)} />}
    />
  )
}

/** What is asked for may be changed once it is counted. */
function Result({ min, ...covered }: Covered & { readonly min: number }) {
  const { percent, covered: done, total, runs, leftOut } = covered.coverage
  return (
    <>
      <p className="tried-summary" role="status">
        {percent < min && <span className="tag failure">below {min} %</span>} {percent} % covered: {done} of {total}{' '}
        nodes, connections and sides, in {plural(runs, 'run')}.
        {leftOut > 0 && ` ${formatCount(leftOut)} left out: no input for it, or a case of another workflow.`}
      </p>
      <CoverageGraph {...covered} />
      <CoverageTable {...covered} />
    </>
  )
}

function CoverageGraph({ coverage, workflow, workflowId }: Covered) {
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
      <WorkflowGraph drawing={drawing} marks={marks} selected={null} onSelect={open} />
    </section>
  )
}
