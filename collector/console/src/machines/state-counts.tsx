import type { Summary } from '../../../src/http/schemas.ts';
import { CountSwitches } from '../parts/count-switches.tsx';
import { stateTexts } from '../parts/state-mark.tsx';
import { type MachineFilter, states } from './machine-filter.ts';

/** How many machines are in each state. */
export function StateCounts(props: {
  readonly counts: Summary | undefined;
  readonly filter: MachineFilter;
  readonly onChange: (part: Partial<MachineFilter>) => void;
}) {
  const { counts, filter, onChange } = props;
  return (
    <CountSwitches
      all="allMachines"
      total={counts?.total}
      choices={states.map((state) => ({
        state,
        mark: state,
        text: stateTexts[state],
        count: counts?.states[state],
      }))}
      chosen={filter.states}
      onChange={(chosen) => onChange({ states: chosen })}
    />
  );
}
