import { useEffect, useRef } from 'preact/hooks';
import { useTexts } from '../text/language.tsx';
import { CopyButton } from './copy-button.tsx';

/** A secret that was just made and cannot be seen again. */
export function ShownOnce(props: {
  readonly title: string;
  readonly hint: string;
  readonly secret: string;
  readonly copy: string;
  readonly onClose: () => void;
}) {
  const { t } = useTexts();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [props.secret]);
  return (
    <section class="card shown-once">
      <header class="card-head">
        <h2 ref={title} tabIndex={-1}>
          {props.title}
        </h2>
        <button type="button" class="button card-action" onClick={props.onClose}>
          {t('close')}
        </button>
      </header>
      <p class="note">{props.hint}</p>
      <div class="secret">
        <code data-secret="shown">{props.secret}</code>
        <CopyButton text={props.secret} label={props.copy} />
      </div>
    </section>
  );
}
