import { withQuery } from '../api.ts';
import { useTexts } from '../text/language.tsx';

/** Downloads every interval of a month as a file for the carrier; `unit` with all below it, empty for all. */
export function CsvLink(props: { readonly month: string; readonly unit: string }) {
  const { t, language } = useTexts();
  const { month, unit } = props;
  // What spreadsheets expect where a comma is in numbers.
  const separator = language === 'vi' ? ';' : ',';
  const address = withQuery('/api/v1/links/report/export', { month, unit, separator });
  return (
    <a class="button" href={address} download>
      {t('linkReportCsv')}
    </a>
  );
}
