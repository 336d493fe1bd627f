import { useEffect, useRef, useState } from 'preact/hooks';

/** Someone who types is not asked to wait for the list, nor the collector for every letter. */
const typingMs = 250;

/** A field whose text is passed on when the typing pauses. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(props.value);
  const timer = useRef<number | undefined>(undefined);

  useEffect(() => setText(props.value), [props.value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(value: string): void {
    setText(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => props.onChange(value.trim()), typingMs);
  }

  return (
    <input
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      maxLength={100}
      value={text}
      onInput={(event) => type(event.currentTarget.value)}
    />
  );
}
