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
  readonly answer: (text: string | null) => void
}

const asked = createStore<{ readonly question: Question | null; readonly yesNo: YesNo | null }>(() => ({
  question: null,
  yesNo: null
}))

/** Asks for one line; null when the person gave up. (Electron has no `prompt`.) */
export const askText = (title: string, label: string, value = ''): Promise<string | null> =>
  new Promise((answer) => asked.setState({ question: { title, label, value, answer } }))

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
  const close = (answer: string | null) => {
    asked.setState({ question: null })
    question.answer(answer)
  }
  return (
    <Dialog
      title={question.title}
      onClose={() => close(null)}
      footer={
        <CancelOr onCancel={() => close(null)} onDo={() => close(text)}>
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
          close(text)
        }}
      />
    </Dialog>
  )
}
