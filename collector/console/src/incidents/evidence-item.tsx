import type { IncidentWithEvidence } from '../../../src/http/incident-schemas.ts';
import { useTexts } from '../text/language.tsx';
import { factRows, sightWords } from './evidence-words.ts';

/** One thing that was seen: when, what, and what is known of it. */
export function EvidenceItem(props: { readonly evidence: IncidentWithEvidence['evidence'][number] }) {
  const { t, format, language } = useTexts();
  const { time, what, facts } = props.evidence;
  const rows = factRows(facts, { language, format });
  const hasOther = rows.some(({ other }) => other !== undefined);
  return (
    <li>
      <p>
        <time dateTime={time} class="muted">
          {format.moment(Date.parse(time))}
        </time>{' '}
        {sightWords(what, language)}
      </p>
      {rows.length > 0 && (
        <table class="fact-table">
          {hasOther && (
            <thead>
              <tr>
                <td />
                <th scope="col">{t('factsNewcomer')}</th>
                <th scope="col">{t('factsOther')}</th>
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map(({ name, newcomer, other }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <bdi>{newcomer}</bdi>
                </td>
                {hasOther && (
                  <td>
                    <bdi>{other}</bdi>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}
