import type { PointView } from '../../../src/http/schemas.ts';
import { useTexts } from '../text/language.tsx';
import { hardwareRows } from './hardware-rows.ts';

/** Nothing where the machine says nothing of it, as in virtual machines. */
export function HardwareCard(props: { readonly points: readonly PointView[] }) {
  const texts = useTexts();
  const rows = hardwareRows(props.points, texts);
  if (rows.length === 0) return null;
  return (
    <section class="card" data-card="hardware">
      <header class="card-head">
        <h2>{texts.t('hardware')}</h2>
      </header>
      <ul class="file-systems">
        {rows.map(({ name, detail, words, tone }) => (
          <li key={`${detail} ${name}`} class="file-system">
            <span class="file-system-mount">
              <bdi>{name}</bdi>
              <span class="file-system-type">{detail}</span>
            </span>
            <span class="file-system-free hardware-words" data-tone={tone}>
              {words}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
