// Results as JUnit's XML, which CI servers read.

export interface JUnitCase {
  readonly suite: string
  readonly name: string
  /** `error`: it could not be told, with the kind of failure. */
  readonly state: 'passed' | 'failed' | 'skipped' | 'error'
  readonly type?: string
  /** Why it did not pass: one line, and all of it. */
  readonly message?: string
  readonly text?: string
}

/** Characters that no XML 1.0 document may hold, also not as references, and halves of surrogate pairs. */
const impossible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' },
  ...{ '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' }
}

/** For attributes and for text alike. */
const escaped = (text: string): string =>
  text.replace(impossible, '\ufffd').replace(/[&<>"'\n\r\t]/g, (character) => entities[character] ?? '')

export function junit(name: string, cases: readonly JUnitCase[]): string {
  const count = (state: JUnitCase['state']): number => cases.filter((one) => one.state === state).length
  const all = { name, tests: cases.length, failures: count('failed'), errors: count('error') }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(all)}>`,
    `  <testsuite${attributes({ ...all, skipped: count('skipped') })}>`,
    ...cases.map(oneCase),
    '  </testsuite>',
    '</testsuites>'
  ].join('\n')
}

const quote = '"'

const attributes = (given: Readonly<Record<string, string | number>>): string =>
  Object.entries(given)
    .map(([name, value]) => ` ${name}=${quote}${escaped(String(value))}${quote}`)
    .join('')

const tags = { failed: 'failure', skipped: 'skipped', error: 'error' } as const

function oneCase({ suite, name, state, type, message = '', text = message }: JUnitCase): string {
  const start = `    <testcase${attributes({ classname: suite, name })}`
  if (state === 'passed') return `${start}/>`
  const tag = tags[state]
  const kind: Readonly<Record<string, string>> = type === undefined || state === 'skipped' ? {} : { type }
  return `${start}><${tag}${attributes({ ...kind, message })}>${escaped(text)}</${tag}></testcase>`
}
