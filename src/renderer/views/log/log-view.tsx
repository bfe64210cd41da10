import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { logSortings } from '../../../contract/workspace.ts'
import type { LogLine, LogSorting } from '../../../contract/workspace.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import { Facts } from '../../components/list/preview.tsx'
import { useList } from '../../hooks/use-list.ts'
import { copyText } from '../../stores/clipboard.ts'
import { pickFiles } from '../../stores/import.ts'
import { retries } from '../../stores/retry.ts'
import { sortingOf } from '../../stores/preferences.ts'
import { navigate } from '../../stores/router.ts'

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
    const answer = await client.call('log.list', { search, ...sortingOf('Log', logSortings), cursor, limit: 200 })
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

const open = (line: LogLine): void => {
  if (line.runId !== null) navigate(line.step ? ['runs', line.runId, 'step', line.step] : ['runs', line.runId])
}

/** The host sorts: it has all lines. */
const columns: readonly (Column<LogLine> & { readonly id: LogSorting })[] = [
  { id: 'time', label: 'Time', width: 140, mono: true, sort: 'host', cell: (line) => line.at },
  {
    ...{ id: 'trigger', label: 'Trigger', width: 130, sort: 'host', spare: 1 },
    cell: (line) => line.trigger
  },
  {
    ...{ id: 'workflow', label: 'Workflow', width: 70, sort: 'host', spare: 2 },
    cell: (line) => line.workflowId
  },
  {
    ...{ id: 'message', label: 'Message', width: 200, grow: 4, mono: true, sort: 'host' },
    title: (line) => line.text,
    cell: (line) => line.text
  },
  {
    ...{ id: 'run', label: 'Run', width: 84, sort: 'host', spare: 3 },
    cell: (line) =>
      line.runId ? (
        <button className="link" tabIndex={-1} onClick={() => open(line)}>
          {line.step ? `step ${line.step}` : 'open run'}
        </button>
      ) : (
        <span className="muted">{line.origin}</span>
      )
  }
]

/** MISP's workflow-execution.log of the workspace: imported lines and those of local runs. */
export default function LogView() {
  const { search, selected, setSearch, select } = useList('Log')
  const { state, failure, more, again } = useLines(search)
  return (
    <ListView
      title="Log"
      label="Log"
      search={{ label: 'Search the log', placeholder: 'Message, trigger', value: search, onChange: setSearch }}
      {...(state ? { count: plural(state.total, 'line') } : {})}
      tools={
        <button className="btn" onClick={() => pickFiles('.log,.json,.txt')}>
          <Icon name="upload" /> Import MISP’s log
        </button>
      }
      items={state?.lines ?? (failure ? none : null)}
      failure={failure}
      retry={again}
      empty={
        <EmptyState title={search ? 'No matching lines' : 'No log yet'}>
          {!search &&
            'Local runs write the same log lines as MISP. MISP’s own log is app/tmp/logs/workflow-execution.log: drop the file here.'}
        </EmptyState>
      }
      columns={columns}
      id={(line) => line.id}
      selected={selected}
      onSelect={select}
      onOpen={open}
      onEnd={more}
      onSorted={again}
      menu={(line) => [
        {
          ...{ label: line.step ? 'Open step' : 'Open run', icon: 'eye', disabled: line.runId === null },
          run: () => open(line)
        },
        { label: 'Copy message', icon: 'copy', run: () => copyText(line.text, 'the message') }
      ]}
      heading={(line) => line.text}
      several={(count) => plural(count, 'line')}
      preview={(line) => (
        <>
          <Facts
            rows={[
              ['Time', line.at],
              ['Trigger', line.trigger],
              ['Workflow', line.workflowId],
              ['Run', line.runId],
              ['Step', line.step],
              ['Origin', line.origin]
            ]}
          />
          <pre className="preview-text">{line.text}</pre>
        </>
      )}
    />
  )
}

const none: readonly LogLine[] = []
