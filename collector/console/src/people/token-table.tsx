import { useServerNow } from '../live/clock.tsx';
import { Ago } from '../parts/relative-time.tsx';
import { roleTexts } from '../parts/role-texts.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import type { TokenView } from './people-types.ts';

export function TokenTable(props: {
  readonly tokens: readonly TokenView[];
  readonly nameOf: (code: string) => string;
  readonly onRevoke: (token: TokenView) => void;
}) {
  const { t, format } = useTexts();
  const now = useServerNow();
  const stateOf = (token: TokenView) => {
    if (token.revoked_at !== undefined) return 'tokenRevoked';
    return token.expires_at !== undefined && Date.parse(token.expires_at) <= now ? 'tokenExpired' : 'tokenUsable';
  };
  return (
    <table class="table tokens">
      <thead>
        <tr>
          <th scope="col">{t('tokenName')}</th>
          <th scope="col">{t('personRole')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('codeExpiry')}</th>
          <th scope="col">{t('tokenLastUsed')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {props.tokens.map((token) => (
          <tr key={token.id} data-id={token.id}>
            <th scope="row" data-label={t('tokenName')}>
              <bdi>{safeText(token.name)}</bdi>
              <span class="code-note">{token.id}</span>
            </th>
            <td data-label={t('personRole')}>
              {t(roleTexts[token.role])}
              {token.unit !== undefined && <div class="muted">{props.nameOf(token.unit)}</div>}
            </td>
            <td data-label={t('state')}>
              <span class={stateOf(token) === 'tokenUsable' ? 'tag tag-good' : 'tag'}>{t(stateOf(token))}</span>
            </td>
            <td data-label={t('codeExpiry')} class="nowrap">
              {token.expires_at === undefined ? t('tokenNoExpiry') : format.dateTime(Date.parse(token.expires_at))}
            </td>
            <td data-label={t('tokenLastUsed')} class="nowrap">
              {token.last_used_at === undefined ? t('personNever') : <Ago at={token.last_used_at} />}
            </td>
            <td class="row-actions">
              {stateOf(token) === 'tokenUsable' && (
                <button type="button" class="button" onClick={() => props.onRevoke(token)}>
                  {t('tokenRevoke')}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
