import { useRef, useState } from 'preact/hooks';
import type { ImportAnswer } from '../../../src/http/unit-change-schemas.ts';
import { postFile, withQuery } from '../api.ts';
import { Field } from '../parts/field.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { useAction } from '../use-action.ts';
import { useUnits } from '../use-units.ts';
import { ImportPlan } from './import-plan.tsx';

function importPath(dryRun: boolean, from: string): string {
  return withQuery('/api/v1/units/import', { dry_run: dryRun ? 'true' : 'false', from });
}

/** Reads a file of units, shows what it would do, and does it when told to. */
export function UnitImportPage() {
  const texts = useTexts();
  const { t, format } = texts;
  const { nameOf, reload } = useUnits();
  const [plan, setPlan] = useState<ImportAnswer>();
  // The bytes that were shown are those that are written, whatever happens to the file meanwhile.
  const bytes = useRef<Blob | undefined>(undefined);
  const [from, setFrom] = useState('');

  const preview = useAction(async (day: string) => {
    setPlan(undefined);
    if (bytes.current) setPlan(await send(true, day));
  });
  const write = useAction(async () => {
    setPlan(await send(false, from));
    reload();
  });

  async function send(dryRun: boolean, day: string): Promise<ImportAnswer> {
    const file = { type: 'text/csv', bytes: bytes.current ?? new Blob() };
    return await postFile<ImportAnswer>(importPath(dryRun, day), file);
  }

  async function choose(file: File | undefined): Promise<void> {
    bytes.current = file && new Blob([await file.arrayBuffer()]);
    write.clear();
    await preview.run(from);
  }

  const busy = preview.busy || write.busy;
  const changes = plan ? plan.added.length + plan.changed.length : 0;
  const error = preview.error ?? write.error;
  return (
    <>
      <nav>
        <Link to="/units" class="back-link">
          ‹ {t('unitBackToList')}
        </Link>
      </nav>
      <PageHead title={t('unitImport')} hint={t('importHint')} />
      <section class="card">
        <div class="form form-row">
          <Field label={t('importFile')} hint={t('importFileHint')}>
            {(control) => (
              <input
                {...control}
                type="file"
                accept=".csv,text/csv"
                disabled={busy}
                onChange={(event) => {
                  choose(event.currentTarget.files?.[0]);
                  // The same file can be chosen again, after it was mended.
                }}
                onClick={(event) => {
                  event.currentTarget.value = '';
                }}
              />
            )}
          </Field>
          <Field label={t('unitFrom')} hint={t('unitFromHint')} error={fieldProblem(error, 'from', texts)}>
            {(control) => (
              <input
                {...control}
                type="date"
                value={from}
                disabled={busy}
                onChange={(event) => {
                  setFrom(event.currentTarget.value);
                  preview.run(event.currentTarget.value);
                }}
              />
            )}
          </Field>
        </div>
        <Problem error={error} />
        {preview.busy && <p class="hint">{t('importReading')}</p>}
        {plan?.written && (
          <p class="done" role="status">
            {t('importWritten', {
              added: format.number(plan.added.length),
              changed: format.number(plan.changed.length),
            })}
          </p>
        )}
        {plan && !plan.written && plan.problems.length === 0 && changes > 0 && (
          <button type="button" class="button button-primary" disabled={busy} onClick={() => write.run()}>
            {t('importWrite', { count: format.number(changes) })}
          </button>
        )}
      </section>
      {plan && <ImportPlan plan={plan} nameOf={nameOf} />}
    </>
  );
}
