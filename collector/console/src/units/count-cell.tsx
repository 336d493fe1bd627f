import type { AgentClass } from '@vonggac/shared';
import type { UnitDetails } from '../../../src/http/schemas.ts';
import { useTexts } from '../text/language.tsx';
import { declaredOf } from './machine-counts.ts';

/** Enrolled of declared: `12 / 16`. What is neither is left empty, so that what there is can be seen. */
export function CountCell(props: {
  readonly unit: UnitDetails;
  readonly agentClass: AgentClass;
  readonly name: string;
  readonly enrolled: number | undefined;
}) {
  const { t, format } = useTexts();
  const { enrolled, name } = props;
  const declared = declaredOf(props.unit, props.agentClass);
  if (declared === undefined && !enrolled) return null;
  const write = (count: number | undefined) => (count === undefined ? '–' : format.number(count));
  const state = declared === undefined || enrolled === undefined ? '' : enrolled < declared ? 'missing' : 'complete';
  return (
    <span
      class="machine-count"
      data-state={state}
      title={t('unitCountTitle', { name, enrolled: write(enrolled), declared: write(declared) })}
    >
      <b>{write(enrolled)}</b> / {write(declared)}
    </span>
  );
}
