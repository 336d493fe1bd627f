import type { AgentState } from '@vonggac/shared';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { StateMark } from './state-mark.tsx';

interface Choice<S extends string> {
  readonly state: S;
  /** The machine's state whose mark stands for it. */
  readonly mark: AgentState;
  readonly text: PlainTextKey;
  /** Undefined while it is not known. */
  readonly count: number | undefined;
}

/** How many there are in each state; each count is a switch that shows those only. */
export function CountSwitches<S extends string>(props: {
  readonly all: PlainTextKey;
  readonly total: number | undefined;
  readonly choices: readonly Choice<S>[];
  /** Empty for all. */
  readonly chosen: readonly S[];
  readonly onChange: (chosen: readonly S[]) => void;
}) {
  const { t, format } = useTexts();
  const { all, total, choices, chosen, onChange } = props;
  const write = (count: number | undefined) => (count === undefined ? '–' : format.number(count));

  function toggle(state: S): void {
    const others = chosen.filter((each) => each !== state);
    onChange(others.length === chosen.length ? [...others, state] : others);
  }

  return (
    <fieldset class="state-counts" data-count={choices.length + 1}>
      <legend class="visually-hidden">{t('filterByState')}</legend>
      <button type="button" class="state-count" aria-pressed={chosen.length === 0} onClick={() => onChange([])}>
        <span class="state-count-number">{write(total)}</span>
        <span class="state-count-name">{t(all)}</span>
      </button>
      {choices.map(({ state, mark, text, count }) => (
        <button
          key={state}
          type="button"
          class={`state-count state-count-${mark}`}
          data-empty={count === 0}
          aria-pressed={chosen.includes(state)}
          onClick={() => toggle(state)}
        >
          <span class="state-count-number">{write(count)}</span>
          <span class="state-count-name">
            <StateMark state={mark} />
            {t(text)}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
