import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { formatMs, resultLabels, resultTone } from '../../components/format.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { navigate } from '../../stores/router.ts'
import { StepTags } from './answered-tags.tsx'
import { PinButton } from './pin-dialog.tsx'
import { definitionNow } from '../../stores/added-modules.ts'

const StepDuration = ({ item: { ms, derived } }: { item: RunStep }) =>
  derived.includes('duration') ? (
    <span className="tag derived" title="Derived: the time between MISP’s posts or log lines">
      ~{formatMs(ms)}
    </span>
  ) : (
    <span className="muted nowrap">{formatMs(ms)}</span>
  )

/** Which node it is, how it went, and what the node does in one sentence. */
export function StepHead({ detail, item }: { detail: RunDetail; item: RunStep | null }) {
  const { summary } = detail
  const definition = item ? definitionNow(item.moduleType, item.moduleId) : definitionNow('trigger', summary.trigger)
  const alone = () =>
    item && navigate(['modules', item.moduleId, 'execute'], { run: summary.id, step: String(item.step) })
  return (
    <div className="inspector-head">
      <div className="line">
        <Icon name={moduleIcon(definition?.icon)} size={14} />
        <h2 className="ellipsis">
          {item ? item.name || item.moduleId : (definition?.name ?? (summary.trigger || 'Start'))}
        </h2>
        {item && <span className="mono muted nowrap">node {item.nodeId}</span>}
        {item && (
          <span className={`tag ${resultTone(item.result, item.success || item.moduleType === 'logic')}`}>
            {resultLabels[item.result]}
          </span>
        )}
        {item && <StepTags step={item} />}
        {item && item.ms !== null && <StepDuration item={item} />}
        <span className="grow" />
        {item && summary.origin !== 'imported' && <PinButton detail={detail} step={item} />}
        {item && (
          <button
            className="btn"
            onClick={alone}
            aria-label="Run this module"
            title="Run this module on this input (X)"
          >
            <Icon name="play" /> <span className="words">Run this module</span>
          </button>
        )}
      </div>
      {item?.explain && (
        <p className="explain">
          <Sentence text={item.explain} />
        </p>
      )}
    </div>
  )
}
