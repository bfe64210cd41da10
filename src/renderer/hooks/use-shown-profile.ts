import { useLayoutEffect } from 'react'
import { showProfile } from '../stores/added-modules.ts'

/** While this is shown, modules are those of its MISP. Set as it renders, for what is inside it; null: not known yet. */
export function useShownProfile(profile: string | null): void {
  showProfile(profile)
  // What was shown before leaves only now, after this one rendered.
  useLayoutEffect(() => {
    showProfile(profile)
    return () => showProfile(null)
  }, [profile])
}
