import type { AgentState } from '@vonggac/shared';
import type { Summary } from '../../../src/http/schemas.ts';
import { StateMark, stateTexts } from '../parts/state-mark.tsx';
import { useTexts } from '../text/language.tsx';
import { type MachineFilter, states } from './machine-filter.ts';

/** How many machines are in each state; each count is a switch that shows those machines only. */
export function StateCounts(props: {
  readonly counts: Summary | undefined;
  readonly filter: MachineFilter;
  readonly onChange: (part: Partial<MachineFilter>) => void;
}) {
  const { t, format } = useTexts();
  const { counts, filter, onChange } = props;

  function toggle(state: AgentState): void {
    const others = filter.states.filter((each) => each !== state);
    onChange({ states: others.length === filter.states.length ? [...others, state] : others });
  }

  return (
    <fieldset class="state-counts">
      <legend class="visually-hidden">{t('filterByState')}</legend>
      <button
        type="button"
        class="state-count"
        aria-pressed={filter.states.length === 0}
        onClick={() => onChange({ states: [] })}
      >
        <span class="state-count-number">{counts ? format.number(counts.total) : '–'}</span>
        <span class="state-count-name">{t('allMachines')}</span>
      </button>
      {states.map((state) => (
        <button
          key={state}
          type="button"
          class={`state-count state-count-${state}`}
          data-empty={counts?.states[state] === 0}
          aria-pressed={filter.states.includes(state)}
          onClick={() => toggle(state)}
        >
          <span class="state-count-number">{counts ? format.number(counts.states[state]) : '–'}</span>
          <span class="state-count-name">
            <StateMark state={state} />
            {t(stateTexts[state])}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
