import { Component } from 'react'
import type { ReactNode } from 'react'

/** A view that breaks says so and leaves the rest of the window usable. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { readonly error: Error | null }> {
  override state = { error: null as Error | null }
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className="empty" role="alert">
        <h2>This view failed</h2>
        <p>This is a bug in Retrace. Your saved data is not affected.</p>
        <p className="mono muted">{error.message}</p>
        <div className="actions">
          <button className="btn" onClick={() => this.setState({ error: null })}>
            Reload the view
          </button>
        </div>
      </div>
    )
  }
}
