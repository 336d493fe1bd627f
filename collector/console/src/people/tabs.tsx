import { Link, parseRoute, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';

/** People sign in, programs have tokens: two lists of whoever may come in. */
export function Tabs() {
  const { t } = useTexts();
  const { page } = parseRoute(useAddress().path);
  return (
    <nav class="tabs">
      <Link to="/people" current={page === 'people'}>
        {t('people')}
      </Link>
      <Link to="/tokens" current={page === 'tokens'}>
        {t('tokens')}
      </Link>
    </nav>
  );
}
