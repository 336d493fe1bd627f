import type { CatalogueAnswer, PointView } from '../../../src/http/schemas.ts';
import { type Texts, useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

function write(value: boolean | number | string, unit: string | undefined, { t, format }: Texts): string {
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'string') return safeText(value);
  return unit === 'bytes' ? format.bytes(value) : format.number(value);
}

/** What the machine is, as it says itself. */
export function InventoryCard(props: {
  readonly points: readonly PointView[];
  readonly catalogue: CatalogueAnswer | undefined;
}) {
  const texts = useTexts();
  const { t, language } = texts;
  const point = props.points.find((each) => each.measurement === 'inventory');
  const definitions = props.catalogue?.measurements.inventory?.fields;
  const known = Object.entries(point?.fields ?? {}).filter(([, value]) => value !== '');
  // Without the catalogue there are no words for the fields, and their names are for programs.
  const shown = definitions ? known : [];
  return (
    <section class="card" data-card="inventory">
      <header class="card-head">
        <h2>{t('inventory')}</h2>
      </header>
      {known.length === 0 && <p class="card-empty">{t('noInventory')}</p>}
      {known.length > 0 && !definitions && <p class="card-empty">{t('loading')}</p>}
      <dl class="inventory">
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{definitions?.[name]?.[language] ?? name}</dt>
            <dd>
              <bdi>{write(value, definitions?.[name]?.unit, texts)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
