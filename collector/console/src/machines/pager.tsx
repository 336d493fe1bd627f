import { useTexts } from '../text/language.tsx';

/** Which machines of how many are shown, and the way to the others. */
export function Pager(props: {
  readonly from: number;
  readonly shown: number;
  readonly total: number | undefined;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}) {
  const { t, format } = useTexts();
  const { from, shown, onPrevious, onNext } = props;
  const to = from + shown - 1;
  const total = Math.max(props.total ?? 0, to);
  return (
    <nav class="pager">
      <span>{t('pageRange', { from: format.number(from), to: format.number(to), total: format.number(total) })}</span>
      {(onPrevious || onNext) && (
        <span class="pager-buttons">
          <button type="button" class="button" disabled={!onPrevious} onClick={onPrevious}>
            {t('previousPage')}
          </button>
          <button type="button" class="button" disabled={!onNext} onClick={onNext}>
            {t('nextPage')}
          </button>
        </span>
      )}
    </nav>
  );
}
