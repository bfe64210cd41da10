// Settings that are saved one by one: control, name and what it does, in line with the others.
import type { ComponentProps, ReactNode } from 'react'

export const SettingLines = ({ children }: { children: ReactNode }) => <div className="setting-lines">{children}</div>

export const SettingLine = ({ name, about, children }: { name: string; about: ReactNode; children: ReactNode }) => (
  <>
    {children}
    <span className="mono">{name}</span>
    <span className="muted">{about}</span>
  </>
)

interface SettingInputProps extends Omit<ComponentProps<'input'>, 'value' | 'defaultValue' | 'onBlur' | 'className'> {
  /** As it is saved; empty: it is not. */
  readonly value: string
  readonly onSave: (text: string) => void
}

/** Saved when it is left with another text. */
export const SettingInput = ({ value, onSave, ...input }: SettingInputProps) => (
  <input
    // What was saved elsewhere shows here too. (Before what is spread: a key behind it has the compiler take another way.)
    key={value}
    {...input}
    className="field mono"
    defaultValue={value}
    onBlur={(event) => {
      const text = event.target.value.trim()
      if (text !== value) onSave(text)
    }}
  />
)
