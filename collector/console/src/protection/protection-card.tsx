import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import type { AgentWithPoints } from '../../../src/http/schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { fieldsOf, pointsOf } from '../connectivity/point-fields.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import { Since } from '../parts/relative-time.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { FindingList } from './finding-list.tsx';
import { LevelLabel } from './levels.tsx';
import { malwareAddress } from './malware-filter.ts';
import { PostureFacts } from './posture-facts.tsx';
import { ProductItem } from './product-item.tsx';
import { isProduct } from './products.ts';

const everyMs = 10_000;

/** How well a machine is protected: the collector's conclusion, and what the machine said that it is drawn from. */
export function ProtectionCard(props: { readonly machine: Pick<AgentWithPoints, 'id' | 'points'> }) {
  const { t } = useTexts();
  const { id, points } = props.machine;
  const path = withQuery('/api/v1/protection', { agent: id });
  const load = (signal: AbortSignal) => getJson<{ readonly items: readonly ProtectionView[] }>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  const conclusion = data?.items[0];
  const [posture] = pointsOf(points, 'posture');
  return (
    <section class="card card-wide" data-card="protection">
      <header class="card-head">
        <h2>{t('antivirusCard')}</h2>
        {data && <LevelLabel level={conclusion?.level ?? 'unknown'} />}
        {conclusion && <Since at={conclusion.level_since} />}
        <Link to={malwareAddress({ agent: id })} class="card-action">
          {t('antivirusToMalware')}
        </Link>
      </header>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {conclusion && conclusion.findings.length > 0 && <FindingList findings={conclusion.findings} />}
      <Products points={points} />
      <h3>{t('posture')}</h3>
      {posture ? <PostureFacts posture={posture} /> : <p class="muted">{t('postureNothing')}</p>}
    </section>
  );
}

function Products(props: Pick<AgentWithPoints, 'points'>) {
  const { t } = useTexts();
  const all = pointsOf(props.points, 'antivirus').map((point) => ({
    point,
    product: point.tags.product ?? '',
    read_state: fieldsOf<'antivirus'>(point).text('read_state') ?? '',
  }));
  const present = all.filter(isProduct);
  if (present.length === 0) {
    return <p class="card-empty">{all.length > 0 ? t('antivirusAbsent') : t('antivirusNothing')}</p>;
  }
  return (
    <ul class="products">
      {present.map(({ point, product }) => (
        <ProductItem key={product} point={point} />
      ))}
    </ul>
  );
}
