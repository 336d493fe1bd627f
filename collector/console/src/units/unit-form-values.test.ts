import { expect, test } from 'vitest';
import { changesOf, knownOf, readUnitForm, typedLinks } from './unit-form-values.ts';

const unit = {
  code: 'QB',
  name: 'Tỉnh',
  contact_phone: '0232',
  declared_pcs: 7,
  links: [{ id: 'tslcd-1', kind: 'tslcd', carrier: 'VNPT' }],
  valid_from: '2025-01-01T00:00:00Z',
} as const;
const full = { ...unit, links: [...unit.links] };

function form(values: Record<string, string>) {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

test('an untouched form changes nothing', () => {
  const values = readUnitForm(form({ name: 'Tỉnh', contact_phone: '0232', declared_pcs: '7' }), typedLinks(full));
  expect(changesOf(full, values)).toEqual({});
});

test('what was emptied is taken away, what was typed is sent', () => {
  const values = readUnitForm(form({ name: ' Tỉnh mới ', declared_pcs: '', declared_servers: '0' }), []);
  expect(changesOf(full, values)).toEqual({
    name: 'Tỉnh mới',
    contact_phone: null,
    declared_pcs: null,
    declared_servers: 0,
    links: [],
  });
});

test('a new unit has what is known and nothing else', () => {
  const link = { id: 'i-1', kind: 'internet', carrier: ' ', edge: '' } as const;
  expect(knownOf(readUnitForm(form({ name: 'Xã', kind: 'commune' }), [link]))).toEqual({
    name: 'Xã',
    kind: 'commune',
    links: [{ id: 'i-1', kind: 'internet' }],
  });
  expect(knownOf(readUnitForm(form({ name: 'Xã' }), []))).toEqual({ name: 'Xã' });
});
