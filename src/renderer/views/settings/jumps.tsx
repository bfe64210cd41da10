import { useEffect } from 'react'
import { useStore } from 'zustand'
import { buildHash, router } from '../../stores/router.ts'
import { settingsSections } from '../../stores/settings-places.ts'

/** Scrolls to the section that the address names. */
export function useJump(): void {
  const wanted = useStore(router, ({ parts }) => parts[1])
  useEffect(() => {
    if (!wanted) return
    // Sections above grow while they load.
    const timers = [0, 300, 900].map((ms) =>
      setTimeout(() => document.getElementById(`set-${wanted}`)?.scrollIntoView({ block: 'start' }), ms)
    )
    return () => timers.forEach(clearTimeout)
  }, [wanted])
}

export function Jumps() {
  return (
    <>
      <span className="grow" />
      <nav aria-label="Sections" className="chips">
        {settingsSections.map(([id, label]) => (
          <a key={id} className="btn quiet" href={buildHash(['settings', id])}>
            {label}
          </a>
        ))}
      </nav>
    </>
  )
}
