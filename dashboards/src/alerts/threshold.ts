import type { Condition } from '@vonggac/shared';
import type { ThresholdCondition } from './alert-rule.ts';

/** The same comparison as the collector's, in the types that every version of Grafana has. */
export function thresholdOf(condition: Condition): ThresholdCondition {
  switch (condition.kind) {
    case 'above':
      return {
        evaluator: { type: 'gt', params: [condition.threshold] },
        ...(condition.recovers < condition.threshold && {
          unloadEvaluator: { type: 'lt', params: [condition.recovers] },
        }),
      };
    case 'below':
      return {
        evaluator: { type: 'lt', params: [condition.threshold] },
        ...(condition.recovers > condition.threshold && {
          unloadEvaluator: { type: 'gt', params: [condition.recovers] },
        }),
      };
    case 'is':
      return { evaluator: { type: 'within_range', params: [condition.value - 0.5, condition.value + 0.5] } };
    case 'outside':
      return { evaluator: { type: 'outside_range', params: [condition.low, condition.high] } };
  }
}
