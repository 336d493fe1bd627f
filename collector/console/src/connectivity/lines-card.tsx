import type { PointView } from '../../../src/http/schemas.ts';
import { writeLoss, writeMs } from '../links/link-numbers.ts';
import { Fact } from '../parts/fact.tsx';
import { FlagLabel } from '../parts/flag-label.tsx';
import { writeCheckError } from '../text/check-errors.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { fieldsOf } from './point-fields.ts';

/** The lines of a gateway, as it sees them itself. */
export function LinesCard(props: { readonly lines: readonly PointView[] }) {
  const { t, format } = useTexts();
  const failovers = Math.max(...props.lines.map((line) => fieldsOf<'link'>(line).number('failovers') ?? 0));
  return (
    <section class="card" data-card="lines">
      <header class="card-head">
        <h2>{t('gatewayLines')}</h2>
      </header>
      <ul class="lines">
        {props.lines.map((line) => (
          <Line key={line.tags.link} line={line} />
        ))}
      </ul>
      {failovers > 0 && <p class="hint">{t('lineFailovers', { count: format.number(failovers) })}</p>}
    </section>
  );
}

function Line(props: { readonly line: PointView }) {
  const { t, format, language } = useTexts();
  const { tags } = props.line;
  const { number, text, flag } = fieldsOf<'link'>(props.line);
  const error = text('error');
  const throughput = number('throughput_bytes_per_second');
  const known = [
    ['lineInterface', text('interface')],
    ['lineNextHop', text('next_hop')],
    ['lineAddress', text('local_address')],
  ] as const;
  return (
    <li data-line={tags.link}>
      <p class="line-head">
        <b>
          <bdi>{safeText(tags.link ?? '')}</bdi>
        </b>
        <FlagLabel value={flag('up')} good="lineUp" bad="lineDown" />
        {flag('active') && <span class="tag">{t('linkActive')}</span>}
        {error !== undefined && <span class="muted">{writeCheckError(error, language)}</span>}
      </p>
      <dl class="fact-row">
        <Fact name={t('linkRtt')}>{writeMs(number('rtt_ms'), format)}</Fact>
        <Fact name={t('linkLoss')}>{writeLoss(number('loss_percent'), format)}</Fact>
        {known.map(
          ([name, value]) =>
            value !== undefined && (
              <Fact key={name} name={t(name)}>
                <bdi>{safeText(value)}</bdi>
              </Fact>
            ),
        )}
        {throughput !== undefined && <Fact name={t('lineThroughput')}>{format.bitRate(throughput * 8)}</Fact>}
      </dl>
    </li>
  );
}
