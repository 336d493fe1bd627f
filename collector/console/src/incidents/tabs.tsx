import { Link, parseRoute, useAddress } from '../router.tsx';
import { useMay } from '../session.ts';
import { useTexts } from '../text/language.tsx';

/** What is broken, who is away, what is going to be on purpose, what it came to, and how the watcher itself does. */
export function Tabs() {
  const { t } = useTexts();
  const may = useMay();
  const { page } = parseRoute(useAddress().path);
  return (
    <nav class="tabs">
      <Link to="/incidents" current={page === 'incidents'}>
        {t('incidents')}
      </Link>
      <Link to="/outages" current={page === 'outages'}>
        {t('outages')}
      </Link>
      <Link to="/maintenance" current={page === 'maintenance'}>
        {t('maintenance')}
      </Link>
      <Link to="/availability" current={page === 'availability'}>
        {t('availability')}
      </Link>
      <Link to="/rules" current={page === 'rules' || page === 'runbook'}>
        {t('rules')}
      </Link>
      {may('read-service') && (
        <Link to="/collector" current={page === 'collector'}>
          {t('collector')}
        </Link>
      )}
    </nav>
  );
}
