import { useServerNow } from '../live/clock.tsx';
import { useTexts } from '../text/language.tsx';

/** How long ago something was, kept up to date; the exact time is in its title. */
export function Ago(props: { readonly at: string }) {
  const { format } = useTexts();
  const at = Date.parse(props.at);
  return (
    <time dateTime={props.at} title={format.dateTime(at)}>
      {format.ago(useServerNow() - at)}
    </time>
  );
}

/** For how long something has been so. */
export function Since(props: { readonly at: string }) {
  const { t, format } = useTexts();
  const at = Date.parse(props.at);
  return (
    <time class="since" dateTime={props.at} title={format.dateTime(at)}>
      {t('stateSince', { age: format.duration(useServerNow() - at) })}
    </time>
  );
}
