import type { PointView } from '../../../src/http/schemas.ts';
import { Meter } from '../parts/meter.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

function numberOf(point: PointView, field: string): number | undefined {
  const value = point.fields[field];
  return typeof value === 'number' ? value : undefined;
}

/** Every file system as a bar, the fullest first. */
export function FileSystemsCard(props: { readonly points: readonly PointView[] }) {
  const { t } = useTexts();
  const fileSystems = props.points
    .filter((point) => point.measurement === 'filesystem')
    .sort((a, b) => (numberOf(b, 'used_percent') ?? -1) - (numberOf(a, 'used_percent') ?? -1));
  return (
    <section class="card" data-card="file-systems">
      <header class="card-head">
        <h2>{t('fileSystems')}</h2>
      </header>
      {fileSystems.length === 0 && <p class="card-empty">{t('noFileSystems')}</p>}
      <ul class="file-systems">
        {fileSystems.map((point) => (
          <FileSystem key={point.tags.mount} point={point} />
        ))}
      </ul>
    </section>
  );
}

function FileSystem(props: { readonly point: PointView }) {
  const { t, format } = useTexts();
  const { point } = props;
  const total = numberOf(point, 'total_bytes');
  const free = numberOf(point, 'available_bytes');
  return (
    <li class="file-system">
      <span class="file-system-mount">
        <bdi>{safeText(point.tags.mount ?? '')}</bdi>
        <span class="file-system-type">
          {safeText(point.tags.type ?? '')}
          {point.fields.read_only === true && ` · ${t('readOnly')}`}
        </span>
      </span>
      <Meter percent={numberOf(point, 'used_percent')} />
      <span class="file-system-free">
        {total !== undefined &&
          free !== undefined &&
          t('freeOfTotal', { free: format.bytes(free), total: format.bytes(total) })}
      </span>
    </li>
  );
}
