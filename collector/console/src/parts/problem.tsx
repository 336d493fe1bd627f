import type { ApiError } from '../api.ts';
import { useTexts } from '../text/language.tsx';
import { problemText } from '../text/problem-text.ts';

/** Why something was not done. There before it is needed, so that screen readers say what comes into it. */
export function Problem(props: { readonly error: ApiError | undefined }) {
  const texts = useTexts();
  return (
    <p class="problem" role="alert">
      {props.error && problemText(props.error, texts)}
    </p>
  );
}
