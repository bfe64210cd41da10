import { TextRow } from './form-row.tsx'
import { useState } from 'react'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { Dialog } from './dialog.tsx'
import { CancelOr } from './dialog-buttons.tsx'

interface YesNo {
  readonly title: string
  readonly text: string
  readonly verb: string
  readonly answer: (yes: boolean) => void
}

interface Question {
  readonly title: string
  readonly label: string
  readonly value: string
  readonly save: Save
}

/** False: it was refused, which was said; what was typed stays there. */
type Save = (text: string) => Promise<boolean>

const asked = createStore<{ readonly question: Question | null; readonly yesNo: YesNo | null }>(() => ({
  question: null,
  yesNo: null
}))

/** Asks for one line, until it was saved or the person gave up. (Electron has no `prompt`.) */
export const askText = (title: string, label: string, value: string, save: Save): void =>
  asked.setState({ question: { title, label, value, save } })

/** Asks before something is done that takes long to undo. `verb`: what the button says, as in `Delete`. */
export const askYes = (title: string, text: string, verb: string): Promise<boolean> =>
  new Promise((answer) => asked.setState({ yesNo: { title, text, verb, answer } }))

export function AskDialog() {
  const { question, yesNo } = useStore(asked)
  return (
    <>
      {question && <Ask key={question.title} question={question} />}
      {yesNo && <AskYes key={yesNo.title} question={yesNo} />}
    </>
  )
}

function AskYes({ question }: { question: YesNo }) {
  const close = (yes: boolean) => {
    asked.setState({ yesNo: null })
    question.answer(yes)
  }
  return (
    <Dialog
      title={question.title}
      onClose={() => close(false)}
      footer={
        <CancelOr onCancel={() => close(false)} isFirst onDo={() => close(true)}>
          {question.verb}
        </CancelOr>
      }
    >
      {question.text}
    </Dialog>
  )
}

function Ask({ question }: { question: Question }) {
  const [text, setText] = useState(question.value)
  const [isSaving, setSaving] = useState(false)
  const close = () => asked.setState((state) => (state.question === question ? { question: null } : state))
  const save = async () => {
    if (isSaving) return
    setSaving(true)
    const isSaved = await question.save(text)
    setSaving(false)
    if (isSaved) close()
  }
  return (
    <Dialog
      title={question.title}
      onClose={close}
      footer={
        <CancelOr onCancel={close} onDo={() => void save()}>
          Save
        </CancelOr>
      }
    >
      <TextRow
        id="ask-text"
        label={question.label}
        data-autofocus
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          void save()
        }}
      />
    </Dialog>
  )
}
