import { memo } from 'react'
import { outcomeLabel, outcomeTone } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { ChainLine } from './chain-line.tsx'
import { Consequence, Incomplete, SinceThen } from './run-told.tsx'
import { Facts } from './run-facts.tsx'
import type { RunHeaderProps } from './run-facts.tsx'
import { Actions, isRunningHere } from './run-actions.tsx'

export const RunHeader = memo(function RunHeader({ detail, rebuilt, workflow }: RunHeaderProps) {
  const { summary } = detail
  return (
    <>
      <header className="run-head">
        <a className="btn quiet icon" href="#/runs" aria-label="Back to runs" title="Back to runs (Esc)">
          <Icon name="list" />
        </a>
        <span className={`tag outcome ${outcomeTone(summary)}`}>
          {isRunningHere(summary) && <span className="spinner" style={{ width: 10, height: 10 }} />}
          {outcomeLabel(summary)}
        </span>
        <h1
          className="ellipsis"
          title={[summary.name, summary.workflowName, summary.trigger].filter(Boolean).join(' · ')}
        >
          {summary.name ?? summary.workflowName ?? 'Unknown workflow'}{' '}
          <span className="muted">
            {[summary.name === null ? null : summary.workflowName, summary.trigger]
              .filter(Boolean)
              .map((text) => `· ${text} `)}
          </span>
        </h1>
        <Actions detail={detail} rebuilt={rebuilt} workflow={workflow} />
        <Facts detail={detail} rebuilt={rebuilt} />
      </header>
      <Consequence detail={detail} />
      {detail.chain && <ChainLine runId={summary.id} chain={detail.chain} label="Why it ended so" />}
      <Incomplete notes={detail.notes} />
      <SinceThen notes={detail.notes} />
    </>
  )
})
