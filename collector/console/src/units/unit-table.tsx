import type { UnitDetails } from '../../../src/http/schemas.ts';
import { agentClasses } from '../parts/class-texts.ts';
import { Link, unitPath } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { CountCell } from './count-cell.tsx';
import { LinkList } from './link-list.tsx';
import type { Counts } from './machine-counts.ts';
import { kindWords } from './unit-kinds.ts';
import type { UnitInTree } from './unit-tree.ts';

export const countTexts = {
  server: 'unitServers',
  gateway: 'unitGateways',
  pc: 'unitPcs',
} as const satisfies Record<(typeof agentClasses)[number], PlainTextKey>;

/** Deeper levels are not moved further to the right: the name needs the room. */
const maxIndent = 5;

/** One row a unit, below the one it belongs to. */
export function UnitTable(props: {
  readonly rows: readonly UnitInTree<UnitDetails>[];
  readonly enrolled: ReadonlyMap<string, Counts> | undefined;
}) {
  const { t } = useTexts();
  return (
    <table class="table units">
      <thead>
        <tr>
          <th scope="col" class="column-unit-name">
            {t('unit')}
          </th>
          <th scope="col">{t('unitKind')}</th>
          {agentClasses.map((each) => (
            <th key={each} scope="col" class="number">
              {t(countTexts[each])}
            </th>
          ))}
          <th scope="col">{t('unitContact')}</th>
          <th scope="col">{t('unitLinks')}</th>
          <th scope="col" class="number">
            {t('unitLevelShort')}
          </th>
          <th scope="col">{t('unitSince')}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <UnitRow key={row.unit.code} row={row} enrolled={props.enrolled?.get(row.unit.code)} />
        ))}
      </tbody>
    </table>
  );
}

function UnitRow(props: { readonly row: UnitInTree<UnitDetails>; readonly enrolled: Counts | undefined }) {
  const { t, format, language } = useTexts();
  const { unit, depth } = props.row;
  const name = safeText(unit.name);
  return (
    <tr data-code={unit.code}>
      <th scope="row" class={`column-unit-name indent-${Math.min(depth, maxIndent)}`}>
        <Link to={unitPath(unit.code)} class="row-link">
          <bdi>{name}</bdi>
        </Link>
        <span class="code-note">{unit.code}</span>
      </th>
      <td data-label={t('unitKind')} class="nowrap">
        {unit.kind && kindWords(unit.kind, language)}
      </td>
      {agentClasses.map((each) => (
        <td key={each} class="number" data-label={t(countTexts[each])}>
          <CountCell unit={unit} agentClass={each} name={t(countTexts[each])} enrolled={props.enrolled?.[each]} />
        </td>
      ))}
      <td data-label={t('unitContact')}>
        {unit.contact_name && <bdi>{safeText(unit.contact_name)}</bdi>}
        {unit.contact_phone && <div class="nowrap">{safeText(unit.contact_phone)}</div>}
      </td>
      <td data-label={t('unitLinks')}>
        <LinkList links={unit.links ?? []} />
      </td>
      <td class="number" data-label={t('unitLevelShort')}>
        {unit.security_level}
      </td>
      <td class="nowrap muted" data-label={t('unitSince')}>
        {format.date(Date.parse(unit.valid_from))}
      </td>
    </tr>
  );
}
