/** A cell of a table: a bar would end it, a line break too. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** Text of a definition: angle brackets would be taken for tags on other sites. */
export const plain = (text: string): string => text.replaceAll('<', '&lt;').trim()

export const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

export const and = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

export const generated = '<!-- Made by scripts/make-docs.mjs from the definitions. Changes here are lost. -->'
