import { readMarkdown, readSpans } from './read-markdown.ts';

/** A runbook without its title, which stands above it. */
export function Markdown(props: { readonly text: string }) {
  const [first, ...rest] = readMarkdown(props.text);
  const blocks = first && first.kind !== 'heading' ? [first, ...rest] : rest;
  return (
    <div class="runbook">
      {blocks.map((block, index) => {
        const key = `${index}`;
        switch (block.kind) {
          case 'heading':
            return <h3 key={key}>{block.text}</h3>;
          case 'code':
            return (
              <pre key={key}>
                <code>{block.text}</code>
              </pre>
            );
          case 'list': {
            const items = block.items.map((item) => (
              <li key={item}>
                <Text text={item} />
              </li>
            ));
            return block.isNumbered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
          }
          default:
            return (
              <p key={key}>
                <Text text={block.text} />
              </p>
            );
        }
      })}
    </div>
  );
}

function Text(props: { readonly text: string }) {
  return (
    <>
      {readSpans(props.text).map(({ isCode, text }, index) =>
        isCode ? <code key={`${index}`}>{text}</code> : <span key={`${index}`}>{text}</span>,
      )}
    </>
  );
}
