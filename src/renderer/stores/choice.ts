// A question with a few answers, asked from anywhere; the dialog shows it.
import { createStore } from 'zustand/vanilla'

export interface Choice {
  readonly title: string
  readonly text: string
  /** Of many things one, in a list: what is answered then is its id. */
  readonly options?: readonly { readonly id: string; readonly label: string }[]
  readonly answers: readonly { readonly id: string; readonly label: string; readonly primary?: boolean }[]
  readonly answer: (id: string | null) => void
}

export const choices = createStore<{ readonly choice: Choice | null }>(() => ({ choice: null }))

/** The id of the chosen answer; null when the person gave up. */
export const askChoice = (question: Omit<Choice, 'answer'>): Promise<string | null> =>
  new Promise((answer) => choices.setState({ choice: { ...question, answer } }))
