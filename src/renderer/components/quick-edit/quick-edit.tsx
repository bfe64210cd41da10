// What is edited most of an event or attribute, as fields: tags, IDS flag, type, value, distribution.
import { useEffect, useId, useState } from 'react'
import type { Json } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { valueAt } from '../../../engine/format/values.ts'
import { Icon } from '../icons.tsx'
import { TagMark } from '../json-tree/tree-rows.tsx'
import { Switch } from '../switch.tsx'
import { addTag, isOn, removeTag, setField, setFlag, tagsIn, tagsOf, thingAt, withAt } from './edits.ts'
import type { Thing } from './edits.ts'
import './quick-edit.css'

interface Edit {
  readonly root: Json
  readonly thing: Thing
  readonly onEdit: (root: Json) => void
}

/** A field that changes the data when it is left, or by Enter. */
function Field({
  label,
  value,
  onCommit,
  list
}: {
  label: string
  value: string
  onCommit: (text: string) => void
  list?: readonly string[]
}) {
  const [text, setText] = useState(value)
  const id = useId()
  useEffect(() => setText(value), [value])
  const commit = () => {
    if (text !== value) onCommit(text)
  }
  return (
    <label className="quick-field">
      <span>{label}</span>
      <input
        className="field mono"
        aria-label={label}
        value={text}
        {...(list ? { list: id } : {})}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {list && <Options id={id} values={list} />}
    </label>
  )
}

const Options = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.map((one) => (
      <option key={one} value={one} />
    ))}
  </datalist>
)

/** Event::$distributionLevels. */
const distributions = [
  'Your organisation only',
  'This community only',
  'Connected communities',
  'All communities',
  'Sharing group',
  'Inherit'
] as const

function Distribution({ root, thing, onEdit }: Edit) {
  const value = thing.map.distribution
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const known = distributions.slice(0, thing.kind === 'event' ? 5 : 6)
  return (
    <label className="quick-field">
      <span>Distribution</span>
      <select
        className="field"
        aria-label="Distribution"
        value={String(value)}
        onChange={(event) => onEdit(setField(root, thing, 'distribution', event.target.value))}
      >
        {known[Number(value)] === undefined && <option value={String(value)}>{String(value)}</option>}
        {known.map((label, level) => (
          <option key={label} value={String(level)}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

const usualTags = ['tlp:red', 'tlp:amber', 'tlp:green', 'tlp:clear', 'PAP:RED', 'PAP:AMBER', 'PAP:GREEN', 'PAP:CLEAR']

function Tags({ root, thing, onEdit }: Edit) {
  const [text, setText] = useState('')
  const id = useId()
  const add = () => {
    const name = text.trim()
    if (name === '') return
    onEdit(addTag(root, thing, name))
    setText('')
  }
  return (
    <div className="quick-tags" role="group" aria-label={`Tags of the ${thing.kind}`}>
      {tagsOf(thing).map((tag) => (
        <span key={tag.name} className="quick-tag">
          <TagMark tag={tag} />
          <button
            className="btn quiet icon"
            aria-label={`Remove tag ${tag.name}`}
            title={`Remove tag ${tag.name}`}
            onClick={() => onEdit(removeTag(root, thing, tag.name))}
          >
            <Icon name="xmark" size={10} />
          </button>
        </span>
      ))}
      <input
        className="field"
        aria-label={`Add a tag to the ${thing.kind}`}
        placeholder="Add a tag"
        list={id}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <Options id={id} values={[...new Set([...tagsIn(root), ...usualTags])]} />
      <button className="btn" disabled={text.trim() === ''} onClick={add}>
        Add
      </button>
    </div>
  )
}

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function ThingFields({ root, thing, onEdit }: Edit) {
  const field = (key: string, label: string) => (
    <Field label={label} value={textOf(thing.map[key])} onCommit={(text) => onEdit(setField(root, thing, key, text))} />
  )
  return (
    <>
      <b className="ellipsis" title={previewOf(thing.map)}>
        {thing.kind === 'event' ? 'Event' : 'Attribute'} {previewOf(thing.map)}
      </b>
      <div className="quick-fields">
        {thing.kind === 'event' ? (
          field('info', 'Info')
        ) : (
          <>
            {field('type', 'Type')}
            {field('value', 'Value')}
            <span className="quick-field">
              <span>IDS</span>
              <Switch
                on={isOn(thing.map.to_ids)}
                label="IDS (to_ids)"
                onChange={(on) => onEdit(setFlag(root, thing, 'to_ids', on))}
              />
            </span>
          </>
        )}
        <Distribution root={root} thing={thing} onEdit={onEdit} />
      </div>
      <Tags root={root} thing={thing} onEdit={onEdit} />
    </>
  )
}

const quickKeys: ReadonlySet<string> = new Set(['type', 'value', 'to_ids', 'distribution', 'info'])

/** A text as the value that was there: a number or truth where it was one and still is. */
function parsedAs(before: Json | undefined, text: string): Json {
  if (typeof before === 'string') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function OneValue({ root, path, onEdit }: { root: Json; path: ValuePath; onEdit: (root: Json) => void }) {
  const value = valueAt(root, path)
  const key = path.at(-1)
  if (key === undefined || value === undefined || (typeof value === 'object' && value !== null)) return null
  return (
    <div className="quick-fields">
      <Field
        label={String(key)}
        value={String(value)}
        onCommit={(text) => onEdit(withAt(root, path, (before) => parsedAs(before, text)))}
      />
    </div>
  )
}

/** Fields for the event or attribute that the chosen place is in, and for the value at the place itself. */
export function QuickEdit({ root, path, onEdit }: { root: Json; path: ValuePath; onEdit: (root: Json) => void }) {
  const thing = thingAt(root, path)
  const isOwnField = thing !== null && path.length === thing.path.length + 1 && quickKeys.has(String(path.at(-1)))
  return (
    <section className="quick-edit" aria-label="Quick edit">
      {thing ? (
        <ThingFields key={JSON.stringify(thing.path)} root={root} thing={thing} onEdit={onEdit} />
      ) : (
        <span className="muted">Choose a value to change it.</span>
      )}
      {!isOwnField && <OneValue key={`value ${JSON.stringify(path)}`} root={root} path={path} onEdit={onEdit} />}
    </section>
  )
}
