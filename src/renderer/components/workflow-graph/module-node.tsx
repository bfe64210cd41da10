import { Handle, Position } from 'reactflow'
import { memo, useContext } from 'react'
import { useStore } from 'zustand'
import { Icon, moduleIcon } from '../icons.tsx'
import type { GraphNode } from './graph-model.ts'
import type { NodeMarks } from './graph-marks.ts'
import { Badges, ComparedMarks, comparedStates, StepNumbers } from './node-marks.tsx'
import { StandingContext } from './standing.ts'

export interface ModuleNodeData extends Record<string, unknown> {
  readonly node: GraphNode
  /** Null outside of runs. */
  readonly marks: NodeMarks | null
}

const stateWords = {
  done: 'executed',
  failed: 'failed',
  blocked: 'blocked the run',
  running: 'running',
  skipped: 'skipped',
  idle: 'not executed'
} as const

const handleTop = (index: number, count: number): string => `${((index + 1) / (count + 1)) * 100}%`

/** A node as MISP draws it: icon, name, module; in a run with its steps and what it did. */
export const ModuleNode = memo(function ModuleNode({ data }: { data: ModuleNodeData }) {
  const { node, marks } = data
  const standing = useContext(StandingContext)
  const chosen = useStore(standing, ({ selected }) => selected === node.nodeId)
  const next = useStore(standing, (state) => state.next === node.nodeId)
  const stop = useStore(standing, ({ stops }) => stops?.has(node.nodeId) ?? false)
  const compared = marks?.compared
  const state = compared
    ? `cmp-${compared.is.replace(' ', '-')}`
    : marks
      ? `run-${marks.state}${marks.mocked || marks.pinned ? ' run-mocked' : ''}`
      : ''
  const told = compared ? comparedStates[compared.is].label : marks && (marks.why ?? stateWords[marks.state])
  return (
    <div
      className={`gnode ${node.moduleType} ${state} ${chosen ? 'selected' : ''}${next ? ' next' : ''}`}
      title={`${node.name} (${node.moduleId}), node ${node.number ?? node.nodeId}${told ? `: ${told}` : ''}${node.blocking ? '. Blocking module.' : ''}`}
    >
      {node.inputs && <Handle type="target" position={Position.Left} id="input_1" />}
      {stop && (
        <span className="stop-mark" role="img" aria-label="Breakpoint" title="Breakpoint: the run stops before it" />
      )}
      {next && <span className="next-mark">next</span>}
      {compared ? <ComparedMarks compared={compared} /> : marks && <StepNumbers marks={marks} />}
      <Icon name={moduleIcon(node.icon)} size={16} />
      <div style={{ minWidth: 0 }}>
        <div className="gname">{node.name}</div>
        <div className="gid">
          {[node.number ?? node.nodeId, node.moduleName].filter((part) => part !== '').join(' · ')}
        </div>
      </div>
      {!node.known && (
        <span className="mark">
          <Icon name="circle-question" title="Unknown module" />
        </span>
      )}
      {node.blocking && (
        <span className="mark">
          <Icon name="ban" title="Blocking module" />
        </span>
      )}
      {marks && !compared && <Badges marks={marks} />}
      {node.outputs.map((output, i) => (
        <Handle
          key={output}
          type="source"
          position={Position.Right}
          id={output}
          style={{ top: handleTop(i, node.outputs.length) }}
        />
      ))}
      {node.moduleType === 'logic' && node.outputs.length === 2 && (
        <>
          <span className="outlabel" style={{ top: handleTop(0, 2) }}>
            true
          </span>
          <span className="outlabel below" style={{ top: handleTop(1, 2) }}>
            false
          </span>
        </>
      )}
    </div>
  )
})

export const FrameNode = memo(function FrameNode({ data }: { data: { readonly title: string } }) {
  return <div className="gframe">{data.title}</div>
})
