import type { ComponentChildren } from 'preact';
import type { PointView } from '../../../src/http/schemas.ts';
import { type FieldReader, fieldsOf } from '../connectivity/point-fields.ts';
import { useServerNow } from '../live/clock.tsx';
import { Fact } from '../parts/fact.tsx';
import { FlagLabel } from '../parts/flag-label.tsx';
import { Ago } from '../parts/relative-time.tsx';
import { Unknown } from '../parts/unknown.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { licences, modes, pendingActions, productName, readStates, writeName } from './words.ts';

interface Reading {
  readonly fields: FieldReader<'antivirus'>;
}

/** One product, as the machine told of it. */
export function ProductItem(props: { readonly point: PointView }) {
  const { t, language, format } = useTexts();
  const { point } = props;
  const fields = fieldsOf<'antivirus'>(point);
  const { text, flag, number } = fields;
  const product = point.tags.product ?? '';
  const readState = text('read_state') ?? '';
  const [version, problem, mode, pending] = [text('version'), text('problem'), text('mode'), text('pending_action')];
  const threats = number('active_threats');
  return (
    <li data-product={product}>
      <p class="line-head">
        <b>
          <bdi>{productName(product, text('name'))}</bdi>
        </b>
        {version !== undefined && <span class="muted">{safeText(version)}</span>}
        <span class="muted">
          {t('protectionProof')} <Ago at={point.time} />
        </span>
      </p>
      {flag('orphan') && <p class="note">{t('antivirusOrphan')}</p>}
      {(readState !== 'ok' || problem !== undefined) && (
        <p class="note">
          {[
            ...(readState === 'ok' ? [] : [writeName(readStates, readState, language)]),
            ...(problem === undefined ? [] : [safeText(problem)]),
          ].join(' · ')}
        </p>
      )}
      <dl class="fact-row">
        <Fact name={t('antivirusService')}>
          <FlagLabel value={flag('running')} good="antivirusRunning" bad="antivirusStopped" />
        </Fact>
        <Fact name={t('antivirusRealtime')}>
          <Realtime fields={fields} />
        </Fact>
        <Fact name={t('antivirusMode')}>{mode === undefined ? <Unknown /> : writeName(modes, mode, language)}</Fact>
        <Fact name={t('antivirusSignatures')}>
          <Signatures fields={fields} />
        </Fact>
        <Fact name={t('antivirusQuickScan')}>
          <Scan seconds={number('quick_scan_seconds')} never={false} />
        </Fact>
        <Fact name={t('antivirusFullScan')}>
          <Scan seconds={number('full_scan_seconds')} never={flag('never_scanned') === true} />
        </Fact>
        <Fact name={t('antivirusLicence')}>
          <Licence fields={fields} />
        </Fact>
        <Fact name={t('antivirusManagement')}>
          <Management fields={fields} />
        </Fact>
        <Fact name={t('antivirusTamper')}>
          <FlagLabel value={flag('tamper_protected')} good="antivirusOn" bad="antivirusOff" />
        </Fact>
        {pending !== undefined && (
          <Fact name={t('antivirusPending')}>{writeName(pendingActions, pending, language)}</Fact>
        )}
        {threats !== undefined && threats > 0 && (
          <Fact name={t('antivirusThreats')}>
            <b class="bad">{format.number(threats)}</b>
          </Fact>
        )}
      </dl>
    </li>
  );
}

function Remark(props: { readonly children: ComponentChildren }) {
  return <div class="fact-remark">{props.children}</div>;
}

/** What the product says, unless the system shows that it is not so. */
function Realtime({ fields: { flag } }: Reading) {
  const { t } = useTexts();
  const proven = flag('realtime_proven');
  const value = proven === false ? false : flag('realtime');
  return (
    <>
      <FlagLabel value={value} good="antivirusOn" bad="antivirusOff" />
      {proven !== undefined && <Remark>{t(proven ? 'antivirusProven' : 'antivirusDisproven')}</Remark>}
    </>
  );
}

const dayMs = 86_400_000;

function Signatures({ fields: { text, flag, number } }: Reading) {
  const { t, format } = useTexts();
  const now = useServerNow();
  const seconds = number('signature_time_seconds');
  const version = text('signature_version');
  // A date that is still to come is a mistake, not a fresh one.
  const time = seconds === undefined || seconds * 1_000 > now + dayMs ? undefined : seconds * 1_000;
  return (
    <>
      {time === undefined ? (
        <Unknown />
      ) : now - time < dayMs ? (
        t('antivirusFresh', { date: format.dateTime(time) })
      ) : (
        t('antivirusAge', { age: format.duration(now - time), date: format.date(time) })
      )}
      {version !== undefined && <Remark>{safeText(version)}</Remark>}
      {flag('out_of_date') && <Remark>{t('antivirusOutOfDate')}</Remark>}
      {flag('update_succeeded') === false && <Remark>{t('antivirusUpdateFailed')}</Remark>}
    </>
  );
}

function Scan(props: { readonly seconds: number | undefined; readonly never: boolean }) {
  const { t } = useTexts();
  if (props.seconds !== undefined) return <Ago at={new Date(props.seconds * 1_000).toISOString()} />;
  return props.never ? <span>{t('neverSeen')}</span> : <Unknown />;
}

function Licence({ fields: { text, number } }: Reading) {
  const { t, format, language } = useTexts();
  const status = text('licence_status');
  const expires = number('licence_expires_seconds');
  if (status === undefined && expires === undefined) return <Unknown />;
  return (
    <>
      {status !== undefined && writeName(licences, status, language)}
      {expires !== undefined && <Remark>{t('antivirusLicenceUntil', { date: format.date(expires * 1_000) })}</Remark>}
    </>
  );
}

function Management({ fields: { text, flag } }: Reading) {
  const { t } = useTexts();
  const managed = flag('managed');
  const server = text('management_server');
  return (
    <>
      {managed === undefined ? <Unknown /> : t(managed ? 'yes' : 'no')}
      {server !== undefined && <Remark>{safeText(server)}</Remark>}
    </>
  );
}
