import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api.ts';
import { useTexts } from '../text/language.tsx';

/** What stands where there is nothing to show, and why. */
export function Notice(props: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="notice">
      <p class="notice-title">{props.title}</p>
      {props.children}
    </div>
  );
}

export function ErrorNotice(props: { readonly error: ApiError; readonly onRetry: () => void }) {
  const { t } = useTexts();
  return (
    <div class="notice notice-error" role="alert">
      <p class="notice-title">{t('errorTitle')}</p>
      <p>{useErrorText(props.error)}</p>
      <button type="button" class="button" onClick={props.onRetry}>
        {t('tryAgain')}
      </button>
    </div>
  );
}

function useErrorText(error: ApiError): string {
  const { t } = useTexts();
  if (error.status === 0) return t('errorNetwork');
  if (error.is('store-away')) return t('errorStoreAway');
  if (error.status === 403) return t('errorForbidden');
  return t('errorOther', { status: String(error.status) });
}
