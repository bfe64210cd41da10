// The colours: as the system says, or as the person chose. Set before the first paint.
import { preferences } from '../stores/preferences.ts'

const system = matchMedia('(prefers-color-scheme: dark)')

function apply(): void {
  const { scheme } = preferences.getState()
  document.documentElement.dataset['scheme'] = scheme === 'auto' ? (system.matches ? 'dark' : 'light') : scheme
}

export function followScheme(): void {
  apply()
  preferences.subscribe(apply)
  system.addEventListener('change', apply)
}
