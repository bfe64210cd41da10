import { disconnect, withName } from '../../../engine/graph/edit.ts'
import { linksOf } from '../../../engine/graph/edit-links.ts'
import { AreaRow, CheckRow, TextRow } from '../../components/form-row.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { withWorkflowFields, workflowRow } from '../../../engine/graph/document.ts'
import { framesOf, nodeInfo, outputLabel } from '../../stores/editor-model.ts'
import type { Alignment, NodeInfo } from '../../stores/editor-model.ts'
import { duplicate, removeSelected, renameFrame, titleOf } from './actions.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { NodeForm } from './node-form.tsx'
import { useLayout } from './use-layout.ts'
import { VersionRow } from './version-row.tsx'
import { plural } from '../../../contract/words.ts'

function Connections({ info }: { info: NodeInfo }) {
  const editor = useEditor()
  const links = linksOf(editor.graph())
  const leaving = links.filter(({ from }) => from === info.key)
  const arriving = links.filter(({ to }) => to === info.key)
  return (
    <div className="section">
      <h2>Connections</h2>
      <ul className="plain">
        {arriving.map((link) => (
          <li key={`${link.from}${link.output}`}>
            <span className="muted">from</span>
            <button className="link" onClick={() => editor.select([link.from])}>
              {titleOf(editor, link.from)}
            </button>
            <Remove onClick={() => editor.edit('Remove connection', (graph) => disconnect(graph, link))} />
          </li>
        ))}
        {leaving.map((link) => (
          <li key={`${link.output}${link.to}`}>
            <span className="muted">{outputLabel(info.outputs, link.output)} →</span>
            <button className="link" onClick={() => editor.select([link.to])}>
              {titleOf(editor, link.to)}
            </button>
            <button
              className="btn quiet icon"
              aria-label="Reconnect…"
              title="Reconnect… (C while the connection is selected)"
              onClick={() =>
                editor.setState({ dialog: { kind: 'connect', from: link.from, output: link.output, moves: link } })
              }
            >
              <Icon name="random" />
            </button>
            <button
              className="btn quiet icon"
              aria-label="Insert a node into this connection"
              title="Insert a node into this connection"
              onClick={() => editor.setState({ dialog: { kind: 'insert', link } })}
            >
              <Icon name="plus" />
            </button>
            <Remove onClick={() => editor.edit('Remove connection', (graph) => disconnect(graph, link))} />
          </li>
        ))}
        {arriving.length + leaving.length === 0 && <li className="muted">None yet.</li>}
      </ul>
      {info.outputs.length > 0 && (
        <button
          className="btn"
          title="Connect (C)"
          onClick={() => editor.setState({ dialog: { kind: 'connect', from: info.key } })}
        >
          <Icon name="link" /> Connect…
        </button>
      )}
    </div>
  )
}

const Remove = ({ onClick }: { onClick: () => void }) => (
  <button
    className="btn quiet icon"
    aria-label="Remove this connection"
    title="Remove this connection"
    onClick={onClick}
  >
    <Icon name="xmark" />
  </button>
)

function OneNode({ nodeKey }: { nodeKey: string }) {
  const editor = useEditor()
  const document = useEditorState((state) => state.document)
  const problems = useEditorState((state) => state.problems)
  const info = nodeInfo(editor.graph(), nodeKey)
  if (!info || !document) return null
  const own = problems.filter(({ nodeIds }) => nodeIds.some((id) => String(id) === String(info.nodeId)))
  return (
    <>
      <div className="side-head">
        <Icon name={moduleIcon(info.definition?.icon)} size={14} />
        <input
          className="field title-field"
          aria-label="Name of the node"
          value={typeof info.node.name === 'string' ? info.node.name : info.title}
          onChange={(event) =>
            editor.edit('Rename node', (graph) => withName(graph, nodeKey, event.target.value), `name ${nodeKey}`)
          }
        />
        <span className="mono muted">
          {info.moduleId} · {info.nodeId}
        </span>
      </div>
      {own.length > 0 && (
        <ul className="node-problems" aria-label="Problems of this node">
          {own.map((one, i) => (
            <li key={`${one.code}${i}`} className={one.severity}>
              <Icon name={one.severity === 'error' ? 'circle-exclamation' : 'triangle-exclamation'} />
              <span>{one.message}</span>
            </li>
          ))}
        </ul>
      )}
      <NodeForm key={nodeKey} info={info} />
      <Connections info={info} />
      {info.definition && (
        <div className="section muted">
          {info.definition.description}
          {info.definition.blocking && ' Blocking: if it fails, it blocks the operation that fired the workflow.'}
          {info.definition.expect_misp_core_format && ' Expects MISP core format.'}
        </div>
      )}
    </>
  )
}

const alignLabels: readonly (readonly [Alignment, string])[] = [
  ['left', 'Align left'],
  ['right', 'Align right'],
  ['top', 'Align top'],
  ['bottom', 'Align bottom'],
  ['columns', 'Distribute horizontally'],
  ['rows', 'Distribute vertically']
]

function ManyNodes({ keys }: { keys: ReadonlySet<string> }) {
  const editor = useEditor()
  const { alignSelection, arrange } = useLayout()
  return (
    <div className="section many">
      <h2>{keys.size} nodes selected</h2>
      <div className="buttons" role="group" aria-label="Align">
        {alignLabels.map(([how, label]) => (
          <button key={how} className="btn" onClick={() => alignSelection(how)}>
            {label}
          </button>
        ))}
        <button className="btn" onClick={() => arrange(true)}>
          Arrange these
        </button>
      </div>
      <div className="buttons">
        <button className="btn" onClick={() => duplicate(editor)}>
          <Icon name="clone" /> Duplicate
        </button>
        <button className="btn" onClick={() => editor.setState({ dialog: { kind: 'frame' } })}>
          <Icon name="shapes" /> Frame…
        </button>
        <button className="btn" onClick={() => editor.setState({ dialog: { kind: 'blueprint' } })}>
          <Icon name="cubes" /> Save as blueprint…
        </button>
        <button className="btn danger" onClick={() => removeSelected(editor)}>
          <Icon name="trash" /> Remove
        </button>
      </div>
    </div>
  )
}

function WorkflowForm() {
  const editor = useEditor()
  const document = useEditorState((state) => state.document)
  const detail = useEditorState((state) => state.detail)
  const row = workflowRow(document) ?? {}
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '')
  const set = (name: string, value: string | boolean) =>
    editor.editDocument(`Change ${name}`, (before) => withWorkflowFields(before, { [name]: value }), `meta ${name}`)
  return (
    <div className="section">
      <h2>Workflow</h2>
      <TextRow id="workflow-name" label="Name" value={text('name')} onChange={(text) => set('name', text)} />
      <AreaRow
        id="workflow-description"
        label="Description"
        rows={3}
        value={text('description')}
        onChange={(text) => set('description', text)}
      />
      <CheckRow
        label="Debug mode: MISP posts every step to the debug URL"
        checked={row.debug_enabled === true || row.debug_enabled === '1' || row.debug_enabled === 1}
        onChange={(on) => set('debug_enabled', on)}
      />
      <VersionRow />
      <dl className="props">
        <dt>Trigger</dt>
        <dd>{detail.trigger ?? 'none'}</dd>
        <dt>Version</dt>
        <dd>{detail.version}</dd>
        {text('uuid') && (
          <>
            <dt>UUID</dt>
            <dd className="mono">{text('uuid')}</dd>
          </>
        )}
      </dl>
    </div>
  )
}

function FrameForm({ id }: { id: string }) {
  const editor = useEditor()
  const document = useEditorState((state) => state.document)
  const frame = document === null ? undefined : framesOf(editor.graph()).find((one) => one.id === id)
  if (!frame) return null
  return (
    <div className="section">
      <h2>Frame</h2>
      <TextRow id="frame-name" label="Title" value={frame.title} onChange={(text) => renameFrame(editor, id, text)} />
      <div className="buttons">
        <button className="btn" onClick={() => editor.select(frame.nodes)}>
          Select its {plural(frame.nodes.length, 'node')}
        </button>
        <button className="btn danger" onClick={() => removeSelected(editor)}>
          <Icon name="trash" /> Remove the frame
        </button>
      </div>
    </div>
  )
}

/** What is selected: a node, several, a frame; without a selection the workflow itself. */
export function NodePanel() {
  const selection = useEditorState((state) => state.selection)
  const frame = useEditorState((state) => state.frame)
  if (frame) return <FrameForm id={frame} />
  const [only, ...more] = selection
  if (only === undefined) return <WorkflowForm />
  return more.length === 0 ? <OneNode nodeKey={only} /> : <ManyNodes keys={selection} />
}
