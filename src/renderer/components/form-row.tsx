// Rows of a form: a label and its control.
import type { ComponentProps, CSSProperties, ReactNode } from 'react'

interface Labelled {
  readonly id: string
  readonly label: ReactNode
}

const FormRow = ({ id, label, children }: Labelled & { readonly children: ReactNode }) => (
  <div className="form-row">
    <label htmlFor={id}>{label}</label>
    {children}
  </div>
)

/** Of a control, but that it tells what was typed or chosen. */
type Control<Tag extends 'input' | 'select' | 'textarea'> = Labelled & {
  readonly value: string | number
  readonly onChange: (text: string) => void
} & Omit<ComponentProps<Tag>, 'id' | 'value' | 'onChange' | 'className'>

const fieldClass = (name: 'field' | 'area', mono: boolean): string => (mono ? `${name} mono` : name)

export const TextRow = ({ id, label, onChange, mono = false, ...input }: Control<'input'> & { mono?: boolean }) => (
  <FormRow id={id} label={label}>
    <input
      autoComplete="off"
      {...input}
      id={id}
      className={fieldClass('field', mono)}
      onChange={(event) => onChange(event.target.value)}
    />
  </FormRow>
)

export const AreaRow = ({ id, label, onChange, mono = false, ...area }: Control<'textarea'> & { mono?: boolean }) => (
  <FormRow id={id} label={label}>
    <textarea
      {...area}
      id={id}
      className={fieldClass('area', mono)}
      onChange={(event) => onChange(event.target.value)}
    />
  </FormRow>
)

/** `children`: its options. `below`: what the choice brings with it. */
export const SelectRow = ({ id, label, onChange, below, ...select }: Control<'select'> & { below?: ReactNode }) => (
  <FormRow id={id} label={label}>
    <select {...select} id={id} className="field" onChange={(event) => onChange(event.target.value)} />
    {below}
  </FormRow>
)

interface CheckRowProps {
  readonly label: ReactNode
  readonly checked: boolean
  readonly onChange: (on: boolean) => void
  readonly disabled?: boolean
  readonly style?: CSSProperties
}

export const CheckRow = ({ label, checked, onChange, disabled = false, style }: CheckRowProps) => (
  <label className="check" {...(style ? { style } : {})}>
    <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
    <span>{label}</span>
  </label>
)
