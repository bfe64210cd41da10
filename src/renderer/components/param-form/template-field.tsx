import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { DataSource } from '../../../contract/operations.ts'
import { Suggestions, useSuggestions } from '../suggestions.tsx'
import { useLatest } from '../../hooks/use-latest.ts'
import { LiveRender } from './live-render.tsx'
import { chatModules } from './param-options.ts'
import { plural } from '../../../contract/words.ts'

interface TemplateFieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly multiline: boolean
  readonly moduleId: string
  readonly disabled: boolean
  readonly placeholder: string
  readonly data?: DataSource
}

/** A text that MISP has rendered as a Jinja2 template: completion while typing, and what comes out of it for the chosen data. */
export function TemplateField(props: TemplateFieldProps) {
  const { id, value, onChange, multiline, disabled, placeholder, data, moduleId, label } = props
  const [caret, setCaret] = useState<number | null>(null)
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null)
  const asked =
    caret !== null && data && isTemplateText(value.slice(0, caret)) ? { template: value, offset: caret, data } : null
  const { answer } = useLatest('template.complete', asked, 80)
  const found = asked && answer?.ok ? answer.data : null
  const items = (found?.items ?? []).map((one) => ({ ...one, key: one.label, text: one.label, note: one.detail }))
  const list = useSuggestions(
    id,
    items,
    (item) => {
      if (!found) return
      onChange(value.slice(0, found.from) + item.insert + value.slice(found.to))
      const at = found.from + item.insert.length
      // The field has its new text only after it was drawn.
      requestAnimationFrame(() => field.current?.setSelectionRange(at, at))
      setCaret(null)
      list.close()
    },
    { tab: true }
  )
  const shared = {
    ref: field,
    id,
    disabled,
    placeholder,
    value,
    spellCheck: false,
    autoComplete: 'off',
    'aria-label': label,
    'aria-describedby': `${id}-preview`,
    onChange: (event: { target: { value: string; selectionStart: number | null } }) => {
      onChange(event.target.value)
      setCaret(event.target.selectionStart)
      list.open()
    },
    onKeyDown: (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === ' ') {
        event.preventDefault()
        setCaret(field.current?.selectionStart ?? null)
        return list.open()
      }
      // Arrows belong to the text unless a list is shown.
      if (list.isOpen || !event.key.startsWith('Arrow')) list.onKeyDown(event)
    },
    onBlur: () => {
      setCaret(null)
      list.close()
    }
  }
  const rows = Math.min(14, Math.max(3, value.split('\n').length + 1))
  return (
    <>
      <div className="template-input">
        {multiline ? (
          <textarea {...shared} className="area mono" rows={rows} />
        ) : (
          <input {...shared} className="field mono" />
        )}
        <Suggestions state={list} label={`Completions for ${label}`} />
      </div>
      <div id={`${id}-preview`}>
        {value !== '' && (
          <TemplatePreview template={value} moduleId={moduleId} label={label} {...(data ? { data } : {})} />
        )}
      </div>
    </>
  )
}

const isTemplateText = (text: string): boolean => /\{\{|\{%|\{#/.test(text)

function TemplatePreview({
  template,
  data,
  moduleId,
  label
}: {
  template: string
  data?: DataSource
  moduleId: string
  label: string
}) {
  const [open, setOpen] = useState(true)
  const asked = isTemplateText(template) ? { template, data: data ?? { json: {} } } : null
  const { answer } = useLatest('template.render', asked, 250)
  if (asked === null) return null
  if (!answer) return <p className="preview-note muted">Rendering…</p>
  if (!answer.ok) return <p className="preview-note muted">No preview: {answer.error.message}</p>
  const { text, error, characters } = answer.data
  if (!data && !error) return <p className="preview-note muted">The template is valid. Choose data to preview it.</p>
  if (error) {
    const syntax = error.type === 'TemplateSyntaxError'
    if (!data && !syntax) return <p className="preview-note muted">Choose data to preview the template.</p>
    return (
      <div className="template-preview failed" role="status" aria-label={`Preview of ${label}`}>
        <b>
          {error.type}
          {error.line === null ? '' : `, line ${error.line}`}
        </b>
        <span>{error.message}</span>
        <span className="muted">
          MISP uses an empty text without any error.
          {chatModules.includes(moduleId) ? ` ${moduleId} then sends the whole event.` : ''}
        </span>
        {data && <LiveRender template={template} data={data} text={text} />}
      </div>
    )
  }
  return (
    <div className="template-preview" role="status" aria-label={`Preview of ${label}`}>
      <button className="btn quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? '▾' : '▸'} Renders to {characters === 0 ? 'an empty text' : plural(characters, 'character')}
      </button>
      {open && characters > 0 && <pre tabIndex={0}>{text.slice(0, 20_000)}</pre>}
      {characters === 0 && chatModules.includes(moduleId) && (
        <span className="muted">When the text is empty, {moduleId} sends the whole event.</span>
      )}
      {data && <LiveRender template={template} data={data} text={text} />}
    </div>
  )
}
