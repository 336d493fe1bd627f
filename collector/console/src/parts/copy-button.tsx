import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../text/language.tsx';

const shownMs = 2_500;

/** Copies by way of a selection: over plain HTTP from another machine, browsers keep the clipboard shut to pages. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  // Inside an open dialog everything else on the page is inert.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

export function CopyButton(props: { readonly text: string; readonly label: string }) {
  const { t } = useTexts();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const timer = useRef<number | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function press(): Promise<void> {
    setOutcome((await copy(props.text)) ? 'copied' : 'failed');
    button.current?.focus();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOutcome(undefined), shownMs);
  }

  return (
    <button ref={button} type="button" class="button copy-button" onClick={press}>
      <span aria-live="polite">{outcome === undefined ? props.label : t(outcome)}</span>
    </button>
  );
}
