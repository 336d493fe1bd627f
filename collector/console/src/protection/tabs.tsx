import { Link, parseRoute, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';

/** Protection of units and of machines, and what was found on them. */
export function Tabs() {
  const { t } = useTexts();
  const { page } = parseRoute(useAddress().path);
  return (
    <nav class="tabs">
      <Link to="/protection" current={page === 'protection'}>
        {t('protectionUnits')}
      </Link>
      <Link to="/protection/machines" current={page === 'protected-machines'}>
        {t('protectionMachines')}
      </Link>
      <Link to="/malware" current={page === 'malware'}>
        {t('malware')}
      </Link>
    </nav>
  );
}
