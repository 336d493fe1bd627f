import { type Query, withQuery } from '../api.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';

/** Downloads what the API writes as CSV, as the spreadsheets of whoever reads expect it. */
export function CsvLink(props: { readonly path: string; readonly query: Query; readonly text: PlainTextKey }) {
  const { t, language } = useTexts();
  // What spreadsheets expect where a comma is in numbers.
  const separator = language === 'vi' ? ';' : ',';
  return (
    <a class="button" href={withQuery(props.path, { ...props.query, separator })} download>
      {t(props.text)}
    </a>
  );
}
