import type { ApiError } from '../api.ts';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { linkTexts } from './link-list.tsx';
import type { TypedLink } from './unit-form-values.ts';

const maxLinks = 8;
const kinds = ['tslcd', 'internet'] as const;

/** A name that no other link has: `tslcd-1`. */
function freeId(links: readonly TypedLink[]): string {
  for (let number = 1; ; number += 1) {
    const id = `tslcd-${number}`;
    if (!links.some((link) => link.id === id)) return id;
  }
}

/** The lines of a unit to the outside, one group of fields each. */
export function LinkEditor(props: {
  readonly links: readonly TypedLink[];
  readonly error: ApiError | undefined;
  readonly disabled: boolean;
  readonly onChange: (links: TypedLink[]) => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { links, disabled, onChange } = props;

  function change(at: number, part: Partial<TypedLink>): void {
    onChange(links.map((link, index) => (index === at ? { ...link, ...part } : link)));
  }
  const errorOf = (index: number, key: string) => fieldProblem(props.error, `links.${index}.${key}`, texts);
  const wholeError = props.error?.problem?.errors?.some(({ name }) => name === 'links')
    ? fieldProblem(props.error, 'links', texts)
    : undefined;

  return (
    <fieldset class="form-group" disabled={disabled}>
      <legend class="field-label">{t('unitLinks')}</legend>
      {links.map((link, index) => (
        <div key={index} class="link-fields">
          <Field label={t('unitLinkId')} error={errorOf(index, 'id')}>
            {(control) => (
              <input
                {...control}
                type="text"
                maxLength={32}
                value={link.id}
                onInput={(event) => change(index, { id: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label={t('unitLinkKind')} error={errorOf(index, 'kind')}>
            {(control) => (
              <select
                {...control}
                value={link.kind}
                onChange={(event) =>
                  change(index, { kind: event.currentTarget.value === 'internet' ? 'internet' : 'tslcd' })
                }
              >
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(linkTexts[kind])}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('unitLinkCarrier')} error={errorOf(index, 'carrier')}>
            {(control) => (
              <input
                {...control}
                type="text"
                maxLength={60}
                value={link.carrier}
                onInput={(event) => change(index, { carrier: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label={t('unitLinkEdge')} error={errorOf(index, 'edge')}>
            {(control) => (
              <input
                {...control}
                type="text"
                maxLength={253}
                value={link.edge}
                onInput={(event) => change(index, { edge: event.currentTarget.value })}
              />
            )}
          </Field>
          <button
            type="button"
            class="button link-remove"
            aria-label={t('unitLinkRemove', { number: String(index + 1) })}
            onClick={() => onChange(links.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      {wholeError && <p class="field-error">{wholeError}</p>}
      {links.length < maxLinks && (
        <button
          type="button"
          class="button"
          onClick={() => onChange([...links, { id: freeId(links), kind: 'tslcd', carrier: '', edge: '' }])}
        >
          {t('unitLinkAdd')}
        </button>
      )}
    </fieldset>
  );
}
