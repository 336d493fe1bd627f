import { navigate } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';

/** The way to the rest of a list that goes on by cursors, and back to where it begins. */
export function MorePages(props: {
  /** Addresses; undefined where there is nothing to go to. */
  readonly first: string | undefined;
  readonly firstText: PlainTextKey;
  readonly next: string | undefined;
  readonly nextText: PlainTextKey;
}) {
  const { first, firstText, next, nextText } = props;
  if (first === undefined && next === undefined) return null;
  return (
    <nav class="pager pager-end">
      <span class="pager-buttons">
        {first !== undefined && <PageButton to={first} text={firstText} />}
        {next !== undefined && <PageButton to={next} text={nextText} />}
      </span>
    </nav>
  );
}

function PageButton(props: { readonly to: string; readonly text: PlainTextKey }) {
  const { t } = useTexts();
  function turn(): void {
    navigate(props.to);
    scrollTo(0, 0);
  }
  return (
    <button type="button" class="button" onClick={turn}>
      {t(props.text)}
    </button>
  );
}
