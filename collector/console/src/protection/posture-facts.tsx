import type { PointView } from '../../../src/http/schemas.ts';
import { fieldsOf } from '../connectivity/point-fields.ts';
import { useServerNow } from '../live/clock.tsx';
import { Fact } from '../parts/fact.tsx';
import { FlagLabel } from '../parts/flag-label.tsx';
import { Unknown } from '../parts/unknown.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { encryptions, profiles, writeName } from './words.ts';

/** The machine's security settings besides antivirus. What it did not tell is not known. */
export function PostureFacts(props: { readonly posture: PointView }) {
  const { t, format, language } = useTexts();
  const now = useServerNow();
  const { flag, number, text } = fieldsOf<'posture'>(props.posture);
  const not = (value: boolean | undefined) => (value === undefined ? undefined : !value);
  const off = (['domain', 'private', 'public'] as const).filter((name) => flag(`firewall_${name}`) === false);
  const [updates, oldest] = [number('security_updates'), number('oldest_update_seconds')];
  const rebootSince = number('reboot_pending_seconds');
  const encryption = text('disk_encryption');
  const remote = flag('remote_desktop');
  const admins = number('local_admins');
  const supportEnds = number('os_support_ends_seconds');
  const problem = text('problem');
  return (
    <>
      <dl class="fact-row">
        <Fact name={t('postureFirewall')}>
          <FlagLabel value={flag('firewall')} good="antivirusOn" bad="antivirusOff" />
          {off.length > 0 && (
            <div class="fact-remark">
              {t('postureProfilesOff', { profiles: off.map((name) => profiles[name][language]).join(', ') })}
            </div>
          )}
        </Fact>
        <Fact name={t('postureUpdates')}>
          {updates === undefined ? (
            <Unknown />
          ) : oldest === undefined || updates === 0 ? (
            format.number(updates)
          ) : (
            t('postureOldest', { count: format.number(updates), age: format.duration(now - oldest * 1_000) })
          )}
        </Fact>
        <Fact name={t('postureAutoUpdates')}>
          <FlagLabel value={flag('auto_updates')} good="antivirusOn" bad="antivirusOff" />
        </Fact>
        <Fact name={t('postureReboot')}>
          <FlagLabel value={not(flag('reboot_pending'))} good="postureRebootNone" bad="postureRebootPending" />
          {flag('reboot_pending') && rebootSince !== undefined && (
            <div class="fact-remark">{t('stateSince', { age: format.duration(now - rebootSince * 1_000) })}</div>
          )}
        </Fact>
        <Fact name={t('postureEncryption')}>
          {encryption === undefined ? <Unknown /> : writeName(encryptions, encryption, language)}
        </Fact>
        <Fact name={t('postureSupport')}>
          <FlagLabel value={not(flag('os_unsupported'))} good="postureSupported" bad="postureUnsupported" />
          {supportEnds !== undefined && (
            <div class="fact-remark">{t('antivirusLicenceUntil', { date: format.date(supportEnds * 1_000) })}</div>
          )}
        </Fact>
        <Fact name={t('postureRemoteDesktop')}>
          {remote === undefined ? <Unknown /> : t(remote ? 'postureOpen' : 'postureClosed')}
        </Fact>
        <Fact name={t('postureSmb1')}>
          <FlagLabel value={not(flag('smb1'))} good="antivirusOff" bad="antivirusOn" />
        </Fact>
        <Fact name={t('postureRootPassword')}>
          <FlagLabel value={not(flag('ssh_password_root'))} good="no" bad="yes" />
        </Fact>
        <Fact name={t('postureAdmins')}>{admins === undefined ? <Unknown /> : format.number(admins)}</Fact>
      </dl>
      {problem !== undefined && (
        <p class="hint">
          <bdi>{safeText(problem)}</bdi>
        </p>
      )}
    </>
  );
}
