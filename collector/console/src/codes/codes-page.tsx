import { useContext, useEffect, useState } from 'preact/hooks';
import type { CodeView, EnrolmentView, NewCodeAnswer } from '../../../src/http/enrolment-schemas.ts';
import { getAll } from '../api.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { OpenCountsContext } from '../use-open-counts.ts';
import { useUnits } from '../use-units.ts';
import { CodeForm } from './code-form.tsx';
import { CodeTable } from './code-table.tsx';
import { NewCode } from './new-code.tsx';
import { WaitingMachines } from './waiting-machines.tsx';

const codesPath = '/api/v1/codes';
const waitingPath = '/api/v1/enrolments';
const everyMs = 5_000;

/** Codes for machines, and machines that wait for a person's word. */
export function CodesPage() {
  const { t } = useTexts();
  const wantedUnit = useAddress().query.get('unit') ?? '';
  const units = useUnits();
  const codes = useFetched(codesPath, (signal) => getAll<CodeView>(codesPath, signal));
  const waiting = useFetched(waitingPath, (signal) => getAll<EnrolmentView>(waitingPath, signal));
  const { recount } = useContext(OpenCountsContext);
  const [creating, setCreating] = useState(wantedUnit !== '');
  const [made, setMade] = useState<NewCodeAnswer>();

  // Machines come while the page is open: that is what one waits for here.
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      waiting.reload();
      codes.reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [waiting.reload, codes.reload]);

  function changed(): void {
    codes.reload();
    waiting.reload();
    recount();
  }
  function closeForm(): void {
    setCreating(false);
    if (wantedUnit !== '') navigate('/codes', { replace: true });
  }

  const error = codes.error ?? waiting.error;
  return (
    <>
      <PageHead title={t('codes')} hint={t('codesHint')}>
        <button type="button" class="button button-primary" disabled={!units.all} onClick={() => setCreating(true)}>
          {t('codeCreate')}
        </button>
      </PageHead>
      {error && <ErrorNotice error={error} onRetry={changed} />}
      {made && <NewCode made={made} unitName={units.nameOf(made.code.unit)} onClose={() => setMade(undefined)} />}
      {waiting.data && <WaitingMachines items={waiting.data} nameOf={units.nameOf} onChanged={changed} />}
      <h2 class="section-title">{t('codeList')}</h2>
      {!codes.data && !codes.error && <Notice title={t('loading')} />}
      {codes.data?.length === 0 && <Notice title={t('codeNone')} />}
      {codes.data && codes.data.length > 0 && (
        <CodeTable codes={codes.data} nameOf={units.nameOf} onChanged={changed} />
      )}
      {creating && units.all && (
        <CodeForm
          units={units.all}
          unit={wantedUnit}
          onMade={(answer) => {
            setMade(answer);
            changed();
            scrollTo(0, 0);
          }}
          onClose={closeForm}
        />
      )}
    </>
  );
}
