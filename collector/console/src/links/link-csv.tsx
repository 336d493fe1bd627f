import { CsvLink } from '../parts/csv-link.tsx';

/** Downloads every interval of a month as a file for the carrier; `unit` with all below it, empty for all. */
export function LinkCsv(props: { readonly month: string; readonly unit: string }) {
  const { month, unit } = props;
  return <CsvLink path="/api/v1/links/report/export" query={{ month, unit }} text="linkReportCsv" />;
}
