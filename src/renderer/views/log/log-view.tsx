import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { LogLine } from '../../../contract/workspace.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { addCommands } from '../../stores/commands.ts'
import { pickFiles } from '../../stores/import.ts'
import { retries } from '../../stores/retry.ts'
import { navigate } from '../../stores/router.ts'

const columns = [{ label: 'Time' }, { label: 'Trigger' }, { label: 'Workflow' }, { label: 'Message' }, { label: 'Run' }]

interface Lines {
  readonly lines: readonly LogLine[]
  readonly cursor: string | null
  readonly total: number
}

function useLines(search: string) {
  const [state, setState] = useState<Lines | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const asked = useRef(0)
  const count = useStore(retries, (one) => one.count)
  const load = async (cursor: string | null) => {
    const mine = ++asked.current
    const answer = await client.call('log.list', { search, cursor, limit: 200 })
    if (mine !== asked.current) return
    if (!answer.ok) return setFailure(answer.error)
    setFailure(null)
    setState((old) => ({
      ...answer.data,
      lines: cursor && old ? [...old.lines, ...answer.data.lines] : answer.data.lines
    }))
  }
  useEffect(() => {
    const timer = setTimeout(() => void load(null), 120)
    return () => clearTimeout(timer)
  }, [search, count])
  useEffect(() => client.on('runs.changed', () => void load(null)), [search])
  return { state, failure, more: () => state?.cursor && void load(state.cursor), again: () => void load(null) }
}

/** MISP's workflow-execution.log of the workspace: imported lines and those of local runs. */
export default function LogView() {
  const [search, setSearch] = useState('')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const { state, failure, more, again } = useLines(search)
  const box = useRef<HTMLInputElement>(null)
  useEffect(
    () =>
      addCommands([
        { id: 'log.search', title: 'Search the log', group: 'Log', keys: '/', run: () => box.current?.focus() }
      ]),
    []
  )
  const open = (line: LogLine) =>
    line.runId && navigate(line.step ? ['runs', line.runId, 'step', line.step] : ['runs', line.runId])
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Log">
        <h1>Log</h1>
        <input
          ref={box}
          className="field"
          style={{ width: 260 }}
          type="search"
          placeholder="Search the execution log"
          aria-label="Search the log"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="grow" />
        {state && <span className="muted">{plural(state.total, 'line')}</span>}
        <button className="btn" onClick={() => pickFiles('.log,.json,.txt')}>
          <Icon name="upload" /> Import MISP’s log
        </button>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {failure && !state ? (
          <FailureState failure={failure} retry={again} />
        ) : !state ? (
          <Loading label="Loading log" />
        ) : state.lines.length === 0 ? (
          <EmptyState title={search ? 'No matching lines' : 'No log yet'}>
            {!search &&
              'Local runs write the same log lines as MISP. MISP’s own log is app/tmp/logs/workflow-execution.log: drop the file here.'}
          </EmptyState>
        ) : (
          <DataGrid
            label="Log"
            layout="log-columns"
            columns={columns}
            items={state.lines}
            id={(line) => line.id}
            selected={selected}
            onSelect={(ids) => setSelected(new Set(ids))}
            onOpen={open}
            onEnd={more}
            cells={(line) => (
              <>
                <Cell mono>{line.at}</Cell>
                <Cell>{line.trigger}</Cell>
                <Cell>{line.workflowId}</Cell>
                <Cell mono title={line.text}>
                  {line.text}
                </Cell>
                <Cell>
                  {line.runId ? (
                    <button className="btn quiet" onClick={() => open(line)}>
                      {line.step ? `step ${line.step}` : 'open run'}
                    </button>
                  ) : (
                    <span className="muted">{line.origin}</span>
                  )}
                </Cell>
              </>
            )}
          />
        )}
      </div>
    </div>
  )
}
