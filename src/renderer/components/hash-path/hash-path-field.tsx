import { useState } from 'react'
import type { DataSource } from '../../../contract/operations.ts'
import { splitPath } from '../../../engine/hash/complete.ts'
import { Icon } from '../icons.tsx'
import { Suggestions, useSuggestions } from '../suggestions.tsx'
import { useLatest } from '../../hooks/use-latest.ts'
import { HashBench } from './hash-bench.tsx'
import { findsText } from './readings.ts'
import './hash-path.css'

export interface HashPathFieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (path: string) => void
  readonly data?: DataSource
  /** Selector whose items the path is read in. */
  readonly base?: string
  /** Of the condition that the path belongs to: it decides between get and extract. */
  readonly operator?: string
  readonly disabled?: boolean
  readonly placeholder?: string
  /** The bench is shown elsewhere: the field alone. */
  readonly bare?: boolean
}

/** Keys that begin as it was typed come first, then those that do so in another case. */
const closeness = (key: string, typed: string): number =>
  key.startsWith(typed) ? 2 : key.toLowerCase().startsWith(typed.toLowerCase()) ? 1 : 0

const typeNote: Record<string, string> = { array: 'list', object: 'map' }

/** Keys that can come next, while the field has the focus. */
function useKeys({ id, value, onChange, data, base }: HashPathFieldProps, focused: boolean) {
  const { before, typed } = splitPath(value)
  const above = before === '' ? '' : `${before}.`
  const asked = data && focused ? { data, path: above, ...(base === undefined ? {} : { base }) } : null
  const keys = useLatest('hash.complete', asked, 80).answer
  const wanted = typed.toLowerCase()
  const items = (keys?.ok ? keys.data.keys : [])
    .filter((one) => one.key !== typed && one.key.toLowerCase().includes(wanted))
    .sort((a, b) => closeness(b.key, typed) - closeness(a.key, typed))
    .slice(0, 60)
    .map((one) => ({
      key: one.key,
      text: one.key,
      note: one.preview || typeNote[one.type] || one.type,
      type: one.type
    }))
  return useSuggestions(
    id,
    items,
    (item) => {
      const branch = item.type === 'array' || item.type === 'object'
      onChange(`${above}${item.key}${branch ? '.' : ''}`)
    },
    { tab: true }
  )
}

/** A hash path with completion from real data, one line on what it finds, and the bench behind it. */
export function HashPathField(props: HashPathFieldProps) {
  const {
    id,
    label,
    value,
    onChange,
    data,
    base,
    operator = '',
    disabled = false,
    placeholder = '',
    bare = false
  } = props
  const [focused, setFocused] = useState(false)
  const [bench, setBench] = useState(false)
  const list = useKeys(props, focused)
  return (
    <div className="hash-field">
      <div className="hash-input">
        <input
          id={id}
          className="field mono"
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
          placeholder={placeholder}
          value={value}
          {...list.inputProps}
          aria-label={label}
          aria-describedby={`${id}-finds`}
          onChange={(event) => {
            onChange(event.target.value)
            list.open()
          }}
          onFocus={() => {
            setFocused(true)
            list.open()
          }}
          onBlur={() => {
            setFocused(false)
            list.close()
            // A dot that completion left behind is no key.
            if (value.endsWith('.')) onChange(value.slice(0, -1))
          }}
          onKeyDown={list.onKeyDown}
        />
        {data && !bare && (
          <button
            className="btn icon"
            aria-label={`Hash path tester for ${label}`}
            title="What each part of the path matches"
            aria-expanded={bench}
            onClick={() => setBench(!bench)}
          >
            <Icon name="search" />
          </button>
        )}
        <Suggestions state={list} label={`Keys for ${label}`} />
      </div>
      <div id={`${id}-finds`}>
        {data && value !== '' && !bench && !bare && (
          <FindsLine
            data={data}
            path={value.replace(/\.$/, '')}
            operator={operator}
            {...(base === undefined ? {} : { base })}
          />
        )}
      </div>
      {data && bench && !bare && (
        <HashBench
          data={data}
          path={value.replace(/\.$/, '')}
          operator={operator}
          onPick={onChange}
          tree={!disabled}
          {...(base === undefined ? {} : { base })}
        />
      )}
    </div>
  )
}

function FindsLine(props: { data: DataSource; path: string; base?: string; operator: string }) {
  const { data, path, base, operator } = props
  const { answer } = useLatest('hash.look', { data, path, limit: 3, ...(base === undefined ? {} : { base }) }, 200)
  if (!answer) return <p className="finds muted">&nbsp;</p>
  if (!answer.ok) return <p className="finds bad">{answer.error.message}</p>
  const look = answer.data
  const { tone, text } = findsText(look, operator)
  return <p className={`finds ${tone}`}>{text}</p>
}
