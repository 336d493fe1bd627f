import type { UnitDetails } from '../../../src/http/schemas.ts';
import { Link, linkPath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

type UnitLink = NonNullable<UnitDetails['links']>[number];

export const linkTexts = { tslcd: 'linkTslcd', internet: 'linkInternet' } as const satisfies Record<
  UnitLink['kind'],
  string
>;

/** The lines of a unit to the outside. */
export function LinkList(props: {
  readonly links: readonly UnitLink[];
  /** With ids and addresses. */
  readonly full?: boolean;
  /** Code of the unit whose lines have pages to lead to. */
  readonly unit?: string | undefined;
}) {
  const { t } = useTexts();
  const { full, unit } = props;
  return (
    <ul class="links">
      {props.links.map((link) => (
        <li key={link.id}>
          {[t(linkTexts[link.kind]), link.carrier && safeText(link.carrier)].filter(Boolean).join(' · ')}
          {full && (
            <span class="code-note">
              {unit === undefined ? link.id : <Link to={linkPath(unit, link.id)}>{link.id}</Link>}
              {link.edge !== undefined && ` · ${link.edge}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
