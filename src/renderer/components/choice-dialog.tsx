import { useState } from 'react'
import { useStore } from 'zustand'
import { choices, type Choice } from '../stores/choice.ts'
import { Dialog } from './dialog.tsx'

export function ChoiceDialog() {
  const choice = useStore(choices, (state) => state.choice)
  return choice && <Asking key={choice.title + choice.text} choice={choice} />
}

function Asking({ choice }: { choice: Choice }) {
  const [option, setOption] = useState(choice.options?.[0]?.id ?? '')
  const close = (id: string | null) => {
    choices.setState({ choice: null })
    choice.answer(id)
  }
  return (
    <Dialog
      title={choice.title}
      onClose={() => close(null)}
      footer={
        <>
          <button className="btn" onClick={() => close(null)}>
            Cancel
          </button>
          {choice.answers.map(({ id, label, primary }) => (
            <button
              key={id}
              className={`btn${primary ? ' primary' : ''}`}
              onClick={() => close(choice.options ? option : id)}
              {...(primary ? { 'data-autofocus': true } : {})}
            >
              {label}
            </button>
          ))}
        </>
      }
    >
      <p>{choice.text}</p>
      {choice.options && (
        <select
          className="field"
          aria-label={choice.title}
          value={option}
          onChange={(event) => setOption(event.target.value)}
        >
          {choice.options.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Dialog>
  )
}
