/**
 * A text without Jinja markup, as Jinja renders it: line ends become \n, one at the end is dropped. Null for a text that
 * needs a renderer.
 */
export function renderPlain(template: string): string | null {
  if (/\{[{%#]/.test(template)) return null
  return template.replace(/\r\n?/g, '\n').replace(/\n$/, '')
}
