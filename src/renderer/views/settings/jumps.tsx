import { useEffect, useRef, useState } from 'react'
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

/** The sections, beside them; the one that is being read is marked. */
export function Jumps() {
  const [read, setRead] = useState<string>('trust')
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    const scroll = nav.current?.parentElement?.querySelector<HTMLElement>('.settings')
    if (!scroll) return
    const mark = () => {
      const top = scroll.getBoundingClientRect().top
      const atEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 2
      const begun = settingsSections.filter(([id]) => {
        const heading = document.getElementById(`set-${id}`)
        return heading !== null && heading.getBoundingClientRect().top - top < scroll.clientHeight / 3
      })
      // At the end several are read at once: the one that was asked for, else the last.
      const asked = document.getElementById(`set-${router.getState().parts[1] ?? ''}`)
      const isAsked = asked !== null && asked.getBoundingClientRect().top >= top
      const last = isAsked ? settingsSections.find(([id]) => asked.id === `set-${id}`) : settingsSections.at(-1)
      setRead((atEnd ? last : begun.at(-1))?.[0] ?? 'trust')
    }
    scroll.addEventListener('scroll', mark, { passive: true })
    return () => scroll.removeEventListener('scroll', mark)
  }, [])
  return (
    <nav ref={nav} aria-label="Sections" className="settings-nav">
      {settingsSections.map(([id, label]) => (
        <a key={id} href={buildHash(['settings', id])} {...(read === id ? { 'aria-current': 'location' } : {})}>
          {label}
        </a>
      ))}
    </nav>
  )
}
