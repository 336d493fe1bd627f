import type { LinkView } from '../../../src/http/link-schemas.ts';
import { CountSwitches } from '../parts/count-switches.tsx';
import type { LinkFilter } from './link-filter.ts';
import { linkMarks, linkStates, linkStateTexts } from './link-states.tsx';

/** How many lines are in each state. */
export function LinkCounts(props: {
  readonly links: readonly LinkView[] | undefined;
  readonly filter: LinkFilter;
  readonly onChange: (part: Partial<LinkFilter>) => void;
}) {
  const { links, filter, onChange } = props;
  return (
    <CountSwitches
      all="linksAll"
      total={links?.length}
      choices={linkStates.map((state) => ({
        state,
        mark: linkMarks[state],
        text: linkStateTexts[state],
        count: links?.filter((each) => each.state === state).length,
      }))}
      chosen={filter.states}
      onChange={(states) => onChange({ states })}
    />
  );
}
