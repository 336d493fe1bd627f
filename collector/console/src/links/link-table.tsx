import type { LinkView } from '../../../src/http/link-schemas.ts';
import { Since } from '../parts/relative-time.tsx';
import { Link, linkPath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { linkTexts } from '../units/link-list.tsx';
import { writeCause } from './link-causes.ts';
import { writeAvailability, writeLoss, writeMs } from './link-numbers.ts';
import { LinkStateLabel } from './link-states.tsx';

/** One row a line. */
export function LinkTable(props: { readonly links: readonly LinkView[]; readonly nameOf: (code: string) => string }) {
  const { t } = useTexts();
  return (
    <table class="table link-table">
      <thead>
        <tr>
          <th scope="col" class="column-link-state">
            {t('linkState')}
          </th>
          <th scope="col" class="column-link-unit">
            {t('unit')}
          </th>
          <th scope="col">{t('link')}</th>
          <th scope="col" class="column-link-cause">
            {t('linkCause')}
          </th>
          <th scope="col" class="number">
            {t('linkRtt')}
          </th>
          <th scope="col" class="number">
            {t('linkLoss')}
          </th>
          <th scope="col" class="number">
            {t('linkAvailability')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.links.map((link) => (
          <LinkRow key={`${link.unit}/${link.link}`} link={link} unitName={props.nameOf(link.unit)} />
        ))}
      </tbody>
    </table>
  );
}

function LinkRow(props: { readonly link: LinkView; readonly unitName: string }) {
  const { t, format, language } = useTexts();
  const { link } = props;
  const { unit, link: id, state, cause } = link;
  return (
    <tr data-link={`${unit}/${id}`} data-state={state}>
      <td>
        <LinkStateLabel state={state} />
        {link.since !== undefined && (
          <div class="link-since">
            <Since at={link.since} />
          </div>
        )}
      </td>
      <th scope="row">
        <Link to={linkPath(unit, id)} class="row-link">
          <bdi>{props.unitName}</bdi>
        </Link>
      </th>
      <td>
        {[t(linkTexts[link.kind]), link.carrier && safeText(link.carrier)].filter(Boolean).join(' · ')}
        <div class="muted link-id">
          {id}
          {link.active && <span class="tag">{t('linkActive')}</span>}
        </div>
      </td>
      <td>{cause !== 'works' && writeCause(cause, language)}</td>
      <td class="number" data-label={t('linkRtt')}>
        {writeMs(link.rtt_ms, format)}
      </td>
      <td class="number" data-label={t('linkLoss')}>
        {writeLoss(link.loss_percent, format)}
      </td>
      <td class="number" data-label={t('linkAvailability')}>
        {writeAvailability(link.availability_percent, format)}
      </td>
    </tr>
  );
}
