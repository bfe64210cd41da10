// Words that were replaced (docs/glossary.md) do not come back into what people read. Comments, names in code, and texts of MISP are free.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Each with what is said instead. */
const retired: readonly (readonly [RegExp, string])[] = [
  [/\btak(?:e|es|ing|en) (?:it |both |them )?over\b/i, 'import'],
  [/\bwhy not\?/i, 'Why didn’t it run?'],
  [/\bonly show\b/i, 'Dry run'],
  [/\bwhat actions may do\b/i, 'Side effects'],
  [/\bthe world lacks\b|\bthis world does not know\b/i, 'Missing from World'],
  [/\bMISP as runs assume it\b/i, 'Assumed MISP settings'],
  [/\btaken for enabled\b|\ball of them for enabled\b/i, 'assumed enabled'],
  [/\bexecute[sd]? (?:this (?:node|module) )?alone\b/i, 'Run this module'],
  [/\bdraft kept\b|\bkept as a draft\b/i, 'Draft saved'],
  [/\bnot saved are back\b/i, 'Restored unsaved changes from'],
  [/\blead(?:s)? (?:\S+ ){0,3}elsewhere\b/i, 'Reconnect'],
  [/\bends the walk\b|\bthe walk ends\b|\bstops the walk\b/i, 'stops the workflow'],
  [/\bof the tags chosen\b/i, 'matches … (any of)'],
  [/\bNothing that is known keeps\b|\bkeeps? it from running\b/i, 'No known obstacle'],
  [/\balso replace newer\b|\breplaces newer ones\b/i, 'Overwrite newer versions'],
  [/\bEvery byte can be given back\b/i, 'Lossless'],
  [/\bRetrace tells by itself\b/i, 'File types are detected'],
  [/% sure\b|^Sure$/, 'Grouping'],
  [/\bhash path bench\b/i, 'hash path tester'],
  [/\bstand-in (?:result|for)\b/i, 'placeholder'],
  [/\bby itself\b|\bby themselves\b/i, 'automatically'],
  [/\bwhom\b/i, 'what'],
  [/\(any more\)/i, 'no longer'],
  [/\bmend\b/i, 'fix'],
  [/\bmade a mistake\b|\bmistake of ours\b/i, 'internal error'],
  [/\bas it came\b|\bas they came\b/i, 'unchanged'],
  [/\bgoes on by\b|\bMISP goes on\b/i, 'continues'],
  [/\bleft as it (?:is|was)\b/i, 'left unchanged'],
  [/(?<!there )\bis no (?:answer|blueprint|folder|module|uuid|number|regular|JSON|custom)\b/i, 'is not a'],
  [/\bnobody answers\b/i, 'no response'],
  [/\bthat MISP knows\b/i, 'MISP knows'],
  [/\bof (?:its|their|your) own$/i, 'separate, new'],
  [/\bnormalis(?:ed|ation)\b/i, 'normalize, as MISP spells it'],
  [/\btaken by another program\b/i, 'in use by another program'],
  [/^Not JSON\.?$/i, 'invalid JSON'],
  [/"\$\{\}"/, 'typographic quotation marks']
]

/** Where a straight quotation mark is part of a format, not of a sentence. */
const formats = /^<|^curl error|Content-Disposition|misp-galaxy|^\w+:"\$\{\}"$|"\$\{\}"\\s|^"\$\{\}"$|^\$\{\}:\$\{\}="/
const notPeople =
  /src\/engine\/(?:jinja|php|world|format)\/|src\/engine\/hash\/regex\/|src\/engine\/graph\/(?:dot|mermaid|nodes)\.ts$|src\/host\/modules\/guest-thread\.ts$/

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.tsx?$/.test(entry.name) && !notPeople.test(path)) yield path
  }
}

/** The texts of a file: strings, templates with `${}` for what is put in, and text between tags. */
function textsOf(file: string): readonly (readonly [line: () => number, text: string])[] {
  // To parse what comments say takes longer than all else.
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), options)
  const found: [ts.Node, string][] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return
    const text = ts.isTemplateExpression(node)
      ? node.head.text + node.templateSpans.map(({ literal }) => `\${}${literal.text}`).join('')
      : ts.isJsxText(node) || ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
        ? node.text
        : ''
    const clean = text.replace(/\s+/g, ' ').trim()
    if (/[a-z]/i.test(clean)) found.push([node, clean])
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found.map(([node, text]) => [() => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, text])
}

/** Whether a text may have any of them: one look instead of one each. */
const anyRetired = new RegExp(retired.map(([word]) => word.source).join('|'), 'i')

describe('the words of what people read', () => {
  it('has no retired one', () => {
    const back: string[] = []
    for (const file of sources('src')) {
      for (const [line, text] of textsOf(file)) {
        if (!anyRetired.test(text)) continue
        for (const [word, instead] of retired) {
          if (!word.test(text) || (instead.startsWith('typographic') && formats.test(text))) continue
          back.push(`${file}:${line()} “${text.slice(0, 100)}”: say “${instead}”`)
        }
      }
    }
    expect(back).toEqual([])
    // It reads every source.
  }, 120_000)

  it('writes numbers and dates in one place only', () => {
    const own: string[] = []
    for (const file of sources('src')) {
      if (/contract\/words\.ts$|components\/format\.ts$/.test(file)) continue
      // A collator writes nothing: it puts texts in order.
      if (/\.toLocale\w*String\(|\bIntl\.(?!Collator)|=== 1 \? '(\w+)' : '\1s'/.test(readFileSync(file, 'utf8')))
        own.push(file)
    }
    expect(own).toEqual([])
  })
})
