// Reads the built site as a browser would: every link leads to a page, and to a place on it, that exists; nothing is loaded from elsewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const unescape = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
const attributes = (html, name) =>
  [...html.matchAll(new RegExp(`<[a-z][^<>]*? ${name}="([^"]*)"`, 'g'))].map(([, value]) => unescape(value))

/** What is wrong with the pages in `folder`, which are served under `base`, with how many pages and links were looked at. */
export function problemsOf(folder, base = '/') {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')])
  )
  const ids = new Map([...pages].map(([name, html]) => [name, new Set(attributes(html, 'id'))]))
  const problems = []
  let links = 0

  const look = (page, href) => {
    links++
    const [path = '', hash = ''] = href.split('#')
    const at = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path)
    const name = path === '' ? page : decodeURI(at === '' || at.endsWith('/') ? `${at}index.html` : at).split('?')[0]
    if (path !== '' && path.startsWith('/') && !path.startsWith(base)) problems.push(`${page}: ${href} is outside`)
    else if (!pages.has(name) && !existsSync(join(folder, name))) problems.push(`${page}: ${href} leads nowhere`)
    else if (hash !== '' && pages.has(name) && !ids.get(name).has(decodeURIComponent(hash)))
      problems.push(`${page}: ${href}: that page has no such place`)
  }

  for (const [page, html] of pages) {
    if (page === '404.html') continue
    const loaded = [...attributes(html, 'src'), ...[...html.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, to]) => to)]
    for (const from of loaded.filter((one) => /^(?:[a-z]+:)?\/\//i.test(one)))
      problems.push(`${page}: loads ${from} from elsewhere`)
    for (const href of [...attributes(html, 'href'), ...attributes(html, 'src')])
      if (!/^[a-z]+:|^\/\//i.test(href)) look(page, href)
  }
  return { pages: pages.size, links, problems }
}
