import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ApiError } from '../api.ts';
import { useTexts } from '../text/language.tsx';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';

/** A window over the page that has to be answered or closed; Escape closes it, and the focus goes back to where it was. */
export function Dialog(props: {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const { t } = useTexts();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // By itself the focus would go to the button that closes.
    element?.querySelector<HTMLElement>('form :is(input, select, textarea)')?.focus();
    return () => {
      element?.close();
      // The browser gives it back only while the window is still on the page.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class={props.wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="button button-quiet dialog-close" aria-label={t('close')} onClick={props.onClose}>
          ×
        </button>
      </header>
      {props.children}
    </dialog>
  );
}

/** Asks before something is done that cannot simply be undone. */
export function ConfirmDialog(props: {
  readonly title: string;
  /** What the button says that does it. */
  readonly confirm: string;
  readonly dangerous?: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const { run, busy, error } = useAction(async () => {
    await props.onConfirm();
    props.onClose();
  });
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run();
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        {props.children}
        <FormEnd
          submit={props.confirm}
          dangerous={props.dangerous === true}
          busy={busy}
          error={error}
          onCancel={props.onClose}
        />
      </form>
    </Dialog>
  );
}

/** What went wrong, and the buttons of a form in a dialog. */
export function FormEnd(props: {
  readonly submit: string;
  readonly dangerous?: boolean;
  readonly busy: boolean;
  readonly error: ApiError | undefined;
  readonly onCancel: () => void;
}) {
  const { t } = useTexts();
  return (
    <>
      <Problem error={props.error} />
      <div class="form-end">
        <button type="button" class="button" onClick={props.onCancel}>
          {t('cancel')}
        </button>
        <button
          type="submit"
          class={`button ${props.dangerous ? 'button-danger' : 'button-primary'}`}
          disabled={props.busy}
        >
          {props.submit}
        </button>
      </div>
    </>
  );
}
