import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/forms.css'
import './theme/shell.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { client } from './client/client.ts'
import { handleKey, runCommand } from './stores/commands.ts'
import { followScheme } from './theme/scheme.ts'

followScheme()
addEventListener('keydown', handleKey)
client.desktop?.onCommand?.(runCommand)
// A file dropped beside a drop target must not replace the app.
for (const type of ['dragover', 'drop'] as const) addEventListener(type, (event) => event.preventDefault())

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
