import { useStore } from 'zustand'
import { app, closeToast } from '../../stores/app.ts'
import { Icon } from '../icons.tsx'

export function Toasts() {
  const toasts = useStore(app, (state) => state.toasts)
  return (
    <div className="toasts" role="log" aria-label="Messages" aria-live="polite">
      {toasts.map(({ id, text, tone, action, times }) => (
        <div key={id} className={`toast ${tone}`} role={tone === 'error' ? 'alert' : undefined}>
          <span className="grow">
            {text}
            {times !== undefined && <b className="nowrap"> ({times} times)</b>}
          </span>
          {action && (
            <button
              className="btn"
              onClick={() => {
                action.run()
                closeToast(id)
              }}
            >
              {action.label}
            </button>
          )}
          <button className="btn quiet icon" aria-label="Close message" onClick={() => closeToast(id)}>
            <Icon name="xmark" />
          </button>
        </div>
      ))}
    </div>
  )
}
