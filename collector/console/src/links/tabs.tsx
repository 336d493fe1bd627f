import { Link, parseRoute, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';

/** The ways to the data centre, and what people use over them. */
export function Tabs() {
  const { t } = useTexts();
  const { page } = parseRoute(useAddress().path);
  return (
    <nav class="tabs">
      <Link to="/links" current={page === 'links'}>
        {t('links')}
      </Link>
      <Link to="/services" current={page === 'services'}>
        {t('services')}
      </Link>
    </nav>
  );
}
