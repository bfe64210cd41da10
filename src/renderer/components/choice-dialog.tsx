import { useStore } from 'zustand'
import { choices } from '../stores/choice.ts'
import { Dialog } from './dialog.tsx'

export function ChoiceDialog() {
  const choice = useStore(choices, (state) => state.choice)
  if (!choice) return null
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
              onClick={() => close(id)}
              {...(primary ? { 'data-autofocus': true } : {})}
            >
              {label}
            </button>
          ))}
        </>
      }
    >
      <p>{choice.text}</p>
    </Dialog>
  )
}
