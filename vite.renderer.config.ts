import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const texts = fileURLToPath(new URL('src/renderer/text', import.meta.url))

// A file costs more to ask for than to read: all but the first view comes in few of them, soon after the start.
const parts = [
  { name: 'start', test: /src[\\/]renderer[\\/](main|routes[\\/]runs)\.tsx$/, priority: 3 },
  { name: 'json-editor', test: /node_modules[\\/]@(codemirror|lezer)[\\/]/, priority: 2 },
  { name: 'graph', test: /node_modules[\\/](reactflow|@dagrejs)[\\/]/, priority: 2 },
  { name: 'views', test: /src[\\/]renderer[\\/].*\.(tsx?|css)$/, priority: 1 }
]

export default defineConfig({
  root: fileURLToPath(new URL('src/renderer', import.meta.url)),
  // Relative addresses, so that the same build is served over HTTP and opened as a file by Electron.
  base: './',
  plugins: [react({ jsxImportSource: 'shown-text' })],
  // See src/renderer/text/jsx-runtime.ts.
  resolve: {
    alias: [
      { find: /^shown-text$/, replacement: `${texts}/create-element.ts` },
      { find: /^shown-text\/(.*)$/, replacement: `${texts}/$1.ts` }
    ]
  },
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome130',
    minify: true,
    sourcemap: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: { output: { codeSplitting: { groups: parts } } }
  }
})
