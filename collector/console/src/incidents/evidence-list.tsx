import { useState } from 'preact/hooks';
import type { IncidentView, IncidentWithEvidence } from '../../../src/http/incident-schemas.ts';
import { getJson } from '../api.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { EvidenceItem } from './evidence-item.tsx';

/** Why an incident was opened, newest first; fetched when somebody wants to read it. */
export function EvidenceList(props: { readonly incident: IncidentView }) {
  const { t } = useTexts();
  const { incident } = props;
  const [open, setOpen] = useState(false);
  const path = `/api/v1/incidents/${incident.id}`;
  // What is seen again changes the evidence.
  const key = open ? `${path} ${incident.last_at}` : undefined;
  const { data, error, reload } = useFetched(key, (signal) => getJson<IncidentWithEvidence>(path, signal), {
    keep: true,
  });
  return (
    <details class="evidence" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('incidentEvidence')}</summary>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="hint">{t('loading')}</p>}
      <ol>
        {data?.evidence.toReversed().map((each) => (
          <EvidenceItem key={`${each.time} ${each.what}`} evidence={each} />
        ))}
      </ol>
    </details>
  );
}
