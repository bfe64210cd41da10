// Links that ask for the parts of the first view together with the page; they would come only after the page's own code ran.

/**
 * The page with those links in its head.
 * @param {string} html
 * @param {Record<string, any>} bundle what was built: its chunks by name
 * @param {string} view the end of the view's path
 */
export function withFirstView(html, bundle, view) {
  const chunks = new Map(Object.values(bundle).map((one) => [one.fileName, one]))
  const first = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId?.endsWith(view))
  if (first === undefined) throw new Error(`${view} is no chunk of its own any more`)
  const scripts = new Set([first.fileName])
  const styles = new Set()
  for (const name of scripts) {
    const { imports = [], viteMetadata } = chunks.get(name) ?? {}
    for (const next of imports) scripts.add(next)
    for (const style of viteMetadata?.importedCss ?? []) styles.add(style)
  }
  const links = [
    ...[...scripts].map((name) => [name, `<link rel="modulepreload" crossorigin href="./${name}">`]),
    ...[...styles].map((name) => [name, `<link rel="stylesheet" crossorigin href="./${name}">`])
  ].flatMap(([name, link]) => (html.includes(name) ? [] : [`    ${link}\n`]))
  return html.replace('  </head>', `${links.join('')}  </head>`)
}

export const firstView = (view) => ({
  name: 'first-view',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => (bundle === undefined ? html : withFirstView(html, bundle, view))
  }
})
