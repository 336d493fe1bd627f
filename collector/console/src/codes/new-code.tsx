import { useEffect, useRef } from 'preact/hooks';
import type { NewCodeAnswer } from '../../../src/http/enrolment-schemas.ts';
import { classTexts } from '../parts/class-texts.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useTexts } from '../text/language.tsx';
import { linuxCommand, phoneCommand, windowsCommand } from './commands.ts';

/** A code that was just made, the only time that it can be seen: to paste, and to read over the phone. */
export function NewCode(props: {
  readonly made: NewCodeAnswer;
  readonly unitName: string;
  readonly onClose: () => void;
}) {
  const { t, format } = useTexts();
  const { code, full, short, addresses } = props.made;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [code.id]);

  return (
    <section class="card new-code" data-code={code.id}>
      <header class="card-head">
        <h2 ref={title} tabIndex={-1}>
          {t('codeMade', { unit: props.unitName })}
        </h2>
        <span class="muted">
          {t('codeFacts', {
            class: t(classTexts[code.class]),
            uses: format.number(code.uses),
            expires: format.dateTime(Date.parse(code.expires_at)),
          })}
        </span>
        <button type="button" class="button card-action" onClick={props.onClose}>
          {t('close')}
        </button>
      </header>
      <p class="note">{t('codeShownOnce')}</p>
      <div class="new-code-ways">
        <div class="form">
          <Command title={t('codeOnLinux')} command={linuxCommand(full)} />
          <Command title={t('codeOnWindows')} command={windowsCommand(full)} />
          <div>
            <h3>{t('codeFull')}</h3>
            <div class="secret">
              <code data-secret="full">{full}</code>
              <CopyButton text={full} label={t('codeCopy')} />
            </div>
          </div>
        </div>
        <div class="form">
          <h3>{t('codeByPhone')}</h3>
          <p class="phone-code" data-secret="short">
            {short.split('-').map((group, index) => (
              <span key={index}>{group}</span>
            ))}
          </p>
          <p class="hint">{t('codeByPhoneHint')}</p>
          <Command title={t('codeByPhoneCommand')} command={phoneCommand(short, addresses[0])} />
        </div>
      </div>
    </section>
  );
}

function Command(props: { readonly title: string; readonly command: string }) {
  const { t } = useTexts();
  return (
    <div>
      <h3>{props.title}</h3>
      <div class="secret">
        <code>{props.command}</code>
        <CopyButton text={props.command} label={t('codeCopyCommand')} />
      </div>
    </div>
  );
}
