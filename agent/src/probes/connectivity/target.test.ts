import { expect, test } from 'vitest';
import { pushedTargets } from './target.ts';

const pushed = { id: 'cong', url: 'https://cong.example/', scope: 'service', every: 15 } as const;

test('a pushed target may not look at the machine itself', () => {
  expect(pushedTargets([pushed])).toMatchObject([{ id: 'cong', anyAddress: false, address: { kind: 'https' } }]);
});

test('two of one name are refused', () => {
  expect(() => pushedTargets([pushed, { ...pushed, url: 'tcp://10.0.0.1:1' }])).toThrow('two targets are named "cong"');
});
