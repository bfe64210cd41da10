import { visible } from '../../../contract/visible.ts'

/** Texts in backticks are what somebody typed: shown as code. */
export function Sentence({ text }: { text: string }) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : visible(part)))
}
