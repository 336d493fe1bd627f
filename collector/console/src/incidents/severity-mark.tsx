import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';

const severityTexts: Readonly<Record<IncidentView['severity'], PlainTextKey>> = {
  critical: 'severityCritical',
  warning: 'severityWarning',
  info: 'severityInfo',
};

/** Each severity has a shape of its own, for those who cannot tell its colour. */
const shapes: Readonly<Record<IncidentView['severity'], preact.JSX.Element>> = {
  critical: <rect x="1.4" y="1.4" width="9.2" height="9.2" rx="1" />,
  warning: <path d="M6 1.2 11.3 10.8H.7Z" />,
  info: <circle cx="6" cy="6" r="4.6" />,
};

export function SeverityMark(props: { readonly severity: IncidentView['severity']; readonly isOpen: boolean }) {
  const { t } = useTexts();
  const { severity } = props;
  return (
    <span class={props.isOpen ? `severity severity-${severity}` : 'severity severity-past'}>
      <svg class="state-mark" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        {shapes[severity]}
      </svg>
      {t(severityTexts[severity])}
    </span>
  );
}
