// Documents name files of the project; what they name exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const documents = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
]

describe('a document', () => {
  it.each(documents)('%s leads to files that exist', (name) => {
    const text = readFileSync(join(root, name), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, to = '']) =>
      join(dirname(name), to)
    )
    const named = [...text.matchAll(/`((?:src|test|scripts|resources|docs)\/[\w./-]+\.\w+)`/g)].map(([, to = '']) => to)
    expect([...links, ...named].filter((to) => !existsSync(join(root, to)))).toEqual([])
  })

  it('of what happens in which order names files and folders of the code that exist', () => {
    const text = readFileSync(join(root, 'docs', 'lifecycle.md'), 'utf8')
    const named = [...text.matchAll(/(?<![\w/])(?:contract|engine|host|main|server)\/[\w./-]*\w/g)].map(([to]) => to)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((to) => !existsSync(join(root, 'src', to)))).toEqual([])
  })

  it('of the recipes names at least two files for each thing that is added', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    const named = (title: string): number =>
      (text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '').match(/`(?:src|test|scripts|docs)\/[\w./-]+\.\w+`/g)
        ?.length ?? 0
    for (const title of ['A module of MISP', 'An operation', 'A view', 'A version of MISP'])
      expect(named(title), title).toBeGreaterThan(4)
  })

  it('of the architecture names folders that exist', () => {
    const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
    const folders = [...text.matchAll(/`((?:src|test)\/[\w/-]+)\/`/g)].map(([, to = '']) => to)
    expect(folders.length).toBeGreaterThan(5)
    expect(folders.filter((to) => !existsSync(join(root, to)))).toEqual([])
  })
})
