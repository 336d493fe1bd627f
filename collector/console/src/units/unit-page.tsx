import { useState } from 'preact/hooks';
import type { UnitHistory, UnitMachines } from '../../../src/http/schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { AvailabilityCard } from '../availability/availability-card.tsx';
import { OutagesCard } from '../outages/outages-card.tsx';
import { agentClasses } from '../parts/class-texts.ts';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Link, unitPath } from '../router.tsx';
import { useMay } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';
import { type Units, useUnits } from '../use-units.ts';
import { CountCell } from './count-cell.tsx';
import { DevicesCard } from './devices-card.tsx';
import { LinkList } from './link-list.tsx';
import { declaredOf, enrolledBelow } from './machine-counts.ts';
import { RetireDialog } from './retire-dialog.tsx';
import { UnitForm } from './unit-form.tsx';
import { UnitHistoryCard } from './unit-history-card.tsx';
import { kindWords } from './unit-kinds.ts';
import { countTexts } from './unit-table.tsx';
import { machineCountsPath } from './units-page.tsx';

/** One unit: all that is known of it, now and before. */
export function UnitPage(props: { readonly code: string }) {
  const { t } = useTexts();
  const path = `/api/v1/units/${encodeURIComponent(props.code)}`;
  const { data, error, reload } = useFetched(path, (signal) => getJson<UnitHistory>(path, signal));
  const units = useUnits();
  if (data) {
    const changed = () => {
      reload();
      units.reload();
    };
    return <KnownUnit history={data} units={units} onChanged={changed} />;
  }
  if (error?.status === 404) {
    return (
      <Notice title={t('unitUnknown')}>
        <Link to="/units" class="button">
          {t('unitBackToList')}
        </Link>
      </Notice>
    );
  }
  return error ? <ErrorNotice error={error} onRetry={reload} /> : <Notice title={t('loading')} />;
}

function KnownUnit(props: { readonly history: UnitHistory; readonly units: Units; readonly onChanged: () => void }) {
  const texts = useTexts();
  const { t, format, language } = texts;
  const may = useMay();
  const { history, units, onChanged } = props;
  const [open, setOpen] = useState<'edit' | 'add' | 'retire'>();
  const [done, setDone] = useState('');
  const machines = useFetched(machineCountsPath, (signal) => getJson<UnitMachines>(machineCountsPath, signal));
  const unit = history.versions.at(-1);
  if (!unit) return null;

  const { code } = history;
  const name = safeText(unit.name);
  const isThere = history.retired_at === undefined;
  const below = units.units.filter(({ parent }) => parent === code);
  const enrolled = machines.data && enrolledBelow(units.units, machines.data.items).get(code);
  const close = () => setOpen(undefined);

  return (
    <>
      <nav>
        <Link to="/units" class="back-link">
          ‹ {t('unitBackToList')}
        </Link>
      </nav>
      <PageHead title={name} hint={code}>
        {isThere && (
          <Link to={withQuery('/', { unit: code })} class="button">
            {t('unitShowMachines')}
          </Link>
        )}
        {isThere && may('enrol') && (
          <Link to={withQuery('/codes', { unit: code })} class="button">
            {t('unitMakeCode')}
          </Link>
        )}
        {isThere && may('operate') && (
          <Link to={withQuery('/maintenance', { unit: code })} class="button">
            {t('maintenanceAdd')}
          </Link>
        )}
        {isThere && may('administer') && (
          <>
            <button type="button" class="button" onClick={() => setOpen('add')}>
              {t('unitAddBelow')}
            </button>
            <button type="button" class="button" onClick={() => setOpen('retire')}>
              {t('unitRetire')}
            </button>
            <button type="button" class="button button-primary" onClick={() => setOpen('edit')}>
              {t('unitEdit')}
            </button>
          </>
        )}
      </PageHead>
      <p class="done" role="status">
        {done}
      </p>
      {history.retired_at !== undefined && (
        <p class="note">
          {history.successor === undefined
            ? t('unitRetiredOn', { day: format.date(Date.parse(history.retired_at)) })
            : t('unitRetiredInto', {
                day: format.date(Date.parse(history.retired_at)),
                unit: units.nameOf(history.successor),
              })}
        </p>
      )}
      <dl class="facts">
        {unit.parent !== undefined && (
          <Fact name={t('unitParent')}>
            <Link to={unitPath(unit.parent)}>{units.nameOf(unit.parent)}</Link>
          </Fact>
        )}
        {unit.kind !== undefined && <Fact name={t('unitKind')}>{kindWords(unit.kind, language)}</Fact>}
        {agentClasses.map((each) => (
          <Fact key={each} name={t(countTexts[each])}>
            <CountCell unit={unit} agentClass={each} name={t(countTexts[each])} enrolled={enrolled?.[each]} />
            {declaredOf(unit, each) === undefined && !enrolled?.[each] && '–'}
          </Fact>
        ))}
        {unit.contact_name !== undefined && <Fact name={t('unitContact')}>{safeText(unit.contact_name)}</Fact>}
        {unit.contact_phone !== undefined && <Fact name={t('unitPhone')}>{safeText(unit.contact_phone)}</Fact>}
        {unit.location !== undefined && <Fact name={t('unitLocation')}>{safeText(unit.location)}</Fact>}
        {unit.security_level !== undefined && <Fact name={t('unitLevel')}>{unit.security_level}</Fact>}
        {unit.calendar !== undefined && <Fact name={t('unitCalendar')}>{unit.calendar}</Fact>}
        {unit.links !== undefined && (
          <Fact name={t('unitLinks')}>
            <LinkList links={unit.links} full unit={isThere ? code : undefined} />
          </Fact>
        )}
        {unit.note !== undefined && <Fact name={t('unitNote')}>{safeText(unit.note)}</Fact>}
      </dl>
      <div class="cards">
        {below.length > 0 && (
          <section class="card">
            <header class="card-head">
              <h2>{t('unitBelow')}</h2>
            </header>
            <ul class="plain-list">
              {below.map((each) => (
                <li key={each.code}>
                  <Link to={unitPath(each.code)}>{safeText(each.name)}</Link>
                  <span class="code-note">{each.code}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {isThere && <AvailabilityCard unit={code} />}
        {isThere && <OutagesCard unit={code} />}
        <UnitHistoryCard history={history} nameOf={units.nameOf} />
        {isThere && <DevicesCard unit={code} />}
      </div>
      {open === 'edit' && <UnitForm unit={unit} units={units.units} onSaved={onChanged} onClose={close} />}
      {open === 'add' && <UnitForm parent={code} units={units.units} onSaved={onChanged} onClose={close} />}
      {open === 'retire' && (
        <RetireDialog
          unit={unit}
          units={units.units}
          onRetired={(said) => {
            setDone(said);
            onChanged();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
