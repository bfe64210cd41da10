import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { firstView } from './scripts/first-view.mjs'

const texts = fileURLToPath(new URL('src/renderer/text', import.meta.url))

export default defineConfig({
  root: fileURLToPath(new URL('src/renderer', import.meta.url)),
  // Relative addresses, so that the same build is served over HTTP and opened as a file by Electron.
  base: './',
  plugins: [react({ jsxImportSource: 'shown-text' }), firstView('/routes/runs.tsx')],
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
    chunkSizeWarningLimit: 900
  }
})
