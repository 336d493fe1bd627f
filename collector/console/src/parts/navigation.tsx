import { useContext } from 'preact/hooks';
import type { Permission } from '../../../src/registry/roles.ts';
import { Link, parseRoute, type Route, useAddress } from '../router.tsx';
import { useMay } from '../session.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { OpenCountsContext } from '../use-open-counts.ts';

type PageName = Route['page'];

interface Place {
  readonly to: string;
  readonly title: PlainTextKey;
  readonly permission: Permission;
  /** The pages that belong to it. */
  readonly pages: readonly PageName[];
}

const places: readonly Place[] = [
  { to: '/', title: 'machines', permission: 'read', pages: ['machines', 'machine'] },
  {
    to: '/incidents',
    title: 'incidents',
    permission: 'read',
    pages: ['incidents', 'outages', 'maintenance', 'availability', 'rules', 'runbook', 'collector'],
  },
  { to: '/links', title: 'links', permission: 'read', pages: ['links', 'link', 'services'] },
  {
    to: '/protection',
    title: 'protection',
    permission: 'read',
    pages: ['protection', 'protected-machines', 'malware'],
  },
  { to: '/units', title: 'units', permission: 'read', pages: ['units', 'unit', 'unit-import'] },
  { to: '/codes', title: 'codes', permission: 'enrol', pages: ['codes'] },
  { to: '/people', title: 'people', permission: 'administer', pages: ['people', 'tokens'] },
  { to: '/audit', title: 'audit', permission: 'read-audit', pages: ['audit'] },
];

/** The permission that a page needs; undefined for pages that are everybody's. */
export function permissionOf(page: PageName): Permission | undefined {
  if (page === 'unit-import') return 'administer';
  if (page === 'collector') return 'read-service';
  return places.find(({ pages }) => pages.includes(page))?.permission;
}

/** The way to every page that the role may see, with what waits there. */
export function Navigation() {
  const { t } = useTexts();
  const may = useMay();
  const { page } = parseRoute(useAddress().path);
  const { incidents, waiting } = useContext(OpenCountsContext);
  return (
    <nav class="navigation" aria-label={t('navigation')}>
      {places
        .filter(({ permission }) => may(permission))
        .map(({ to, title, pages }) => (
          <Link key={to} to={to} current={pages.includes(page)}>
            {t(title)}
            {to === '/incidents' && <Count count={incidents} say={(count) => t('openIncidents', { count })} urgent />}
            {to === '/codes' && <Count count={waiting} say={(count) => t('waitingMachines', { count })} />}
          </Link>
        ))}
    </nav>
  );
}

function Count(props: {
  readonly count: number | undefined;
  readonly say: (count: string) => string;
  readonly urgent?: boolean;
}) {
  const { format } = useTexts();
  if (!props.count) return null;
  const words = props.say(format.number(props.count));
  return (
    <span class={props.urgent ? 'count count-urgent' : 'count'} title={words}>
      <span aria-hidden="true">{format.number(props.count)}</span>
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
