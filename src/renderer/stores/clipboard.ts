import { toast } from './app.ts'

/** `what`: as in `Copied the request`. */
export const copyText = (text: string, what: string): void =>
  void navigator.clipboard.writeText(text).then(
    () => toast(`Copied ${what}`),
    () => toast('The clipboard could not be written', { tone: 'error' })
  )
