// Main and preload only: the page is built by vite.renderer.config.ts, the same for Electron and the browser.
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      target: 'node20.19',
      outDir: 'out/main',
      sourcemap: true,
      // As in scripts/build.mjs.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          worker: 'src/host/worker/thread/index.ts',
          'parse-worker': 'src/host/capture/understand/parse-worker.ts',
          guest: 'src/host/modules/guest-thread.ts'
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  preload: {
    build: {
      target: 'node20.19',
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload is CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  }
})
