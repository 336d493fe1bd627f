import { useState } from 'preact/hooks';
import type { PointView } from '../../../src/http/schemas.ts';
import { writeLoss, writeMs } from '../links/link-numbers.ts';
import { useServerNow } from '../live/clock.tsx';
import { FlagLabel } from '../parts/flag-label.tsx';
import { Ago } from '../parts/relative-time.tsx';
import { Link, machinePath } from '../router.tsx';
import { writeCheckError } from '../text/check-errors.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { readTargets, scopeName, type TargetReading, targetName } from './targets.ts';

/** What fails comes first, so that what is left out works. */
const shownAtFirst = 15;

/** Whether the machine reaches what it has to, the worst first. */
export function ConnectivityCard(props: { readonly points: readonly PointView[] }) {
  const { t, format } = useTexts();
  const targets = readTargets(props.points);
  const failing = targets.filter(({ up }) => up === false).length;
  const count = format.number(targets.length);
  const [all, setAll] = useState(false);
  const shown = all ? targets : targets.slice(0, shownAtFirst);
  return (
    <section class="card card-wide" data-card="connectivity">
      <header class="card-head">
        <h2>{t('connectivity')}</h2>
        {targets.length > 0 && (
          <span class="card-headline">
            {failing === 0
              ? t('connectivityWorking', { count })
              : t('connectivityFailing', { failing: format.number(failing), count })}
          </span>
        )}
      </header>
      {targets.length === 0 ? (
        <p class="card-empty">{t('connectivityNone')}</p>
      ) : (
        <table class="table target-table">
          <thead>
            <tr>
              <th scope="col">{t('target')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('targetError')}</th>
              <th scope="col" class="number">
                {t('linkRtt')}
              </th>
              <th scope="col" class="number">
                {t('linkLoss')}
              </th>
              <th scope="col">{t('targetCertificate')}</th>
              <th scope="col">{t('targetChecked')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((target) => (
              <TargetRow key={`${target.target} ${target.kind}`} reading={target} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < targets.length && (
        <button type="button" class="button button-more" onClick={() => setAll(true)}>
          {t('targetMore', { count: format.number(targets.length - shown.length) })}
        </button>
      )}
    </section>
  );
}

function TargetRow(props: { readonly reading: TargetReading }) {
  const texts = useTexts();
  const { t, format, language } = texts;
  const { target, scope, kind, up, rttMs, lossPercent, error, certificateExpires, time } = props.reading;
  return (
    <tr data-target={target} data-up={String(up)}>
      <th scope="row">
        <TargetName target={target} />
        <span class="code-note">
          {safeText(kind)} · {scopeName(scope, texts)}
        </span>
      </th>
      <td>
        <FlagLabel value={up} good="targetUp" bad="targetDown" />
      </td>
      <td data-label={t('targetError')}>{error !== undefined && writeCheckError(error, language)}</td>
      <td class="number" data-label={t('linkRtt')}>
        {rttMs !== undefined && writeMs(rttMs, format)}
      </td>
      <td class="number" data-label={t('linkLoss')}>
        {lossPercent !== undefined && writeLoss(lossPercent, format)}
      </td>
      <td data-label={t('targetCertificate')}>
        {certificateExpires !== undefined && <CertificateExpiry at={certificateExpires} />}
      </td>
      <td data-label={t('targetChecked')} class="muted nowrap">
        <Ago at={time} />
      </td>
    </tr>
  );
}

function TargetName(props: { readonly target: string }) {
  const name = <bdi>{targetName(props.target, useTexts())}</bdi>;
  const [, peer] = /^peer:(.+)$/.exec(props.target) ?? [];
  return peer === undefined ? name : <Link to={machinePath(peer)}>{name}</Link>;
}

/** Renewing a certificate takes people some weeks. */
const soonMs = 30 * 86_400_000;

function CertificateExpiry(props: { readonly at: number }) {
  const { t, format } = useTexts();
  const left = props.at - useServerNow();
  const level = left <= 0 ? 'bad' : left < soonMs ? 'soon' : 'good';
  return (
    <span class={`expiry expiry-${level}`}>
      {format.date(props.at)}{' '}
      {level !== 'good' && (
        <b>{left <= 0 ? t('certificateOver') : t('certificateLeft', { age: format.duration(left) })}</b>
      )}
    </span>
  );
}
