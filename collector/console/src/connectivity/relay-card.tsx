import type { PointView } from '../../../src/http/schemas.ts';
import { Fact } from '../parts/fact.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldsOf } from './point-fields.ts';

/** What a gateway passes on for machines that cannot reach the collector themselves. */
export function RelayCard(props: { readonly relay: PointView }) {
  const { t, format } = useTexts();
  const { number } = fieldsOf<'relay'>(props.relay);
  const count = (value: number | undefined) => (value === undefined ? '–' : format.number(value));
  const bytes = (value: number | undefined) => (value === undefined ? '–' : format.bytes(value));
  return (
    <section class="card" data-card="relay">
      <header class="card-head">
        <h2>{t('relay')}</h2>
      </header>
      <dl class="fact-row">
        <Fact name={t('relayConnections')}>
          <b>{count(number('connections'))}</b>
        </Fact>
        <Fact name={t('relayAccepted')}>{count(number('accepted'))}</Fact>
        <Fact name={t('relayRefused')}>{count(number('refused'))}</Fact>
        <Fact name={t('relayFailed')}>{count(number('failed'))}</Fact>
        <Fact name={t('relayUp')}>{bytes(number('up_bytes'))}</Fact>
        <Fact name={t('relayDown')}>{bytes(number('down_bytes'))}</Fact>
      </dl>
      <p class="hint">{t('relayHint')}</p>
    </section>
  );
}
