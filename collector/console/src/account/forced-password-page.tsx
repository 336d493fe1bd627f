import { useContext } from 'preact/hooks';
import { PageHead } from '../parts/page-head.tsx';
import { SessionContext } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { PasswordForm } from './password-form.tsx';

/** All that someone sees whose password was made by another person. */
export function ForcedPasswordPage() {
  const { t } = useTexts();
  const { me, onChanged } = useContext(SessionContext);
  return (
    <div class="narrow">
      <PageHead title={t('mustChangePassword')} hint={t('mustChangePasswordHint')} />
      <section class="card">
        <PasswordForm name={me?.name ?? ''} onChanged={onChanged} />
      </section>
    </div>
  );
}
