import { useTexts } from '../text/language.tsx';

/** One value before and after, as an item of a list. */
export function Change(props: {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}) {
  const { before, after } = props;
  return (
    <li>
      <span class="difference-field">{props.field}: </span>
      {before === undefined ? (
        <Value text={after} />
      ) : (
        <>
          <del>
            <Value text={before} />
          </del>
          {' → '}
          <ins>
            <Value text={after} />
          </ins>
        </>
      )}
    </li>
  );
}

function Value(props: { readonly text: string | undefined }) {
  const { t } = useTexts();
  return props.text === undefined ? <i>{t('emptyValue')}</i> : <bdi>{props.text}</bdi>;
}
