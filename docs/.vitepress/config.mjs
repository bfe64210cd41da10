// The documentation as a site: `npm run docs`. Nothing is loaded from elsewhere, search runs in the page, and nobody is counted.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const docs = fileURLToPath(new URL('..', import.meta.url))
const root = join(docs, '..')
/** Where the site will stand: `/retrace/` on pages of a project, `/` here. */
const base = process.env.DOCS_BASE ?? '/'

/** Titles and pages, in the order of reading. A page that is not named here stands under “More”. */
const sections = [
  ['Start', ['README.md', 'start.md', 'views.md', 'connect.md', 'container.md']],
  [
    'Use',
    [
      ...['data.md', 'hash-paths.md', 'outcomes.md', 'compare.md', 'verify.md', 'capture.md'],
      ...['check.md', 'cases.md', 'coverage.md', 'impact.md']
    ]
  ],
  ['Change', ['effects.md', 'custom-modules.md', 'versions.md']],
  ['MISP', ['walk.md', 'modules/README.md', 'deviations.md']],
  ['Look up', ['commands.md', 'errors.md', 'rules.md', 'glossary.md', 'file-formats.md', 'security.md']],
  ['Contribute', ['architecture.md', 'lifecycle.md', 'decisions/README.md']]
]

const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md') && !name.startsWith('.vitepress/'))
  .sort()
/** Shorter than the page's own title, or another word than it. */
const called = { 'README.md': 'What it is', 'deviations.md': 'Deviations from MISP' }
const headOf = (page) => /^# (.+)$/m.exec(readFileSync(join(docs, page), 'utf8'))?.[1].replaceAll('`', '') ?? page
const titleOf = (page) => called[page] ?? headOf(page).split(': ')[0]
const linkOf = (page) => '/' + page.replace(/(^|\/)README\.md$/, '$1').replace(/\.md$/, '')
const itemOf = (page) => ({ text: titleOf(page), link: linkOf(page) })
/** Pages of a folder are listed by its first page, not beside it. */
const isInside = (page) => page.includes('/') && !page.endsWith('/README.md')

const named = new Set(sections.flatMap(([, list]) => list))
const more = pages.filter((page) => !named.has(page) && !isInside(page))
const sidebar = [...sections, ['More', more]].flatMap(([text, list]) => {
  const items = list.filter((page) => pages.includes(page)).map(itemOf)
  return items.length === 0 ? [] : [{ text, items }]
})

const filesLinked = new Set()
/**
 * Files of the project that pages link to (`../resources/…`, a large picture) have no page: they come along under /files/. The link stays dead, and the
 * build fails, where there is no such file.
 */
function suitPages(md) {
  for (const name of ['text', 'code_inline']) {
    const rule = md.renderer.rules[name]
    md.renderer.rules[name] = (...given) => rule(...given).replaceAll('{{', '&#123;&#123;')
  }
  md.core.ruler.before('block', 'comments', (state) => {
    state.src = state.src.replace(/^<!--[\s\S]*?-->$/gm, '')
  })
  md.core.ruler.push('files-of-the-project', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.attrGet?.('href')
      if (token.type !== 'link_open' || !href || /^(?:[a-z]+:|#|\/)/i.test(href)) continue
      const target = resolve(dirname(env.path), decodeURI(href.replace(/#.*$/, '')))
      const name = relative(root, target).replaceAll('\\', '/')
      // The first page of a folder has the name under which a checkout shows it, and another one in the site.
      if (name.startsWith('docs/')) token.attrSet('href', href.replace(/(^|\/)README\.md(?=#|$)/, '$1index.md'))
      const isPage = name === 'docs' || (name.startsWith('docs/') && !/\.(?:png|webp)$/.test(name))
      if (name.startsWith('..') || isPage || !existsSync(target)) continue
      filesLinked.add(name)
      token.attrSet('href', `/files/${name}`)
      if (!name.startsWith('docs/')) token.attrSet('download', '')
    }
  })
}

export default defineConfig({
  srcDir: docs,
  outDir: join(root, 'out', 'docs'),
  cacheDir: join(root, 'out', 'docs-cache'),
  base,
  lang: 'en',
  title: 'Retrace',
  description: 'Debug and replay MISP workflows offline',
  head: [['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }]],
  rewrites: Object.fromEntries(
    pages.filter((page) => /(^|\/)README\.md$/.test(page)).map((page) => [page, page.replace('README.md', 'index.md')])
  ),
  cleanUrls: false,
  ignoreDeadLinks: false,
  lastUpdated: false,
  // Its tables are wide, and its three parts are in sight.
  transformPageData: ({ relativePath, frontmatter }) =>
    relativePath === 'modules/index.md' ? { frontmatter: { ...frontmatter, aside: false } } : undefined,
  buildEnd({ outDir }) {
    for (const name of filesLinked) {
      mkdirSync(dirname(join(outDir, 'files', name)), { recursive: true })
      cpSync(join(root, name), join(outDir, 'files', name))
    }
  },
  // Pages are text: angle brackets and braces mean nothing to Vue.
  markdown: { html: false, theme: { light: 'github-light', dark: 'github-dark' }, config: suitPages },
  vite: { publicDir: join(docs, '.vitepress', 'public'), build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    sidebar,
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Modules', link: '/modules/' },
      { text: 'Commands', link: '/commands' },
      { text: 'Errors', link: '/errors' }
    ],
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { detailedView: true } },
    docFooter: { prev: 'Before', next: 'Next' },
    darkModeSwitchLabel: 'Dark',
    sidebarMenuLabel: 'Pages',
    returnToTopLabel: 'To the top',
    externalLinkIcon: true
  }
})
