import { beforeEach, expect, test } from 'vitest';
import { awayMs, Holders } from './holders.ts';

let now: number;
let closed: Set<number>;
let holders: Holders;

beforeEach(() => {
  now = 1_000;
  closed = new Set();
  holders = new Holders({ monotonic: () => now, isClosed: (incident) => closed.has(incident) });
});

const [a, b, c] = [101, 202, 303];

test('a process that comes back, and one that comes after a restart, are welcome', () => {
  expect(holders.judge('x', a)).toBe('welcome');
  holders.entered('x', a);
  holders.left('x');
  expect(holders.judge('x', a)).toBe('welcome');
  holders.entered('x', a);
  holders.left('x');
  for (const restarted of [b, c]) {
    expect(holders.judge('x', restarted)).toBe('welcome');
    holders.entered('x', restarted);
    holders.left('x');
  }
});

test('a process that comes back after another was here is a rival, at once and even when the other has just left', () => {
  holders.entered('x', a);
  holders.left('x');
  holders.entered('x', b);
  expect(holders.judge('x', a)).toBe('rival');
  holders.left('x');
  expect(holders.judge('x', a)).toBe('rival');
  expect(holders.judge('y', a)).toBe('welcome');
});

test('one that was refused cannot slip in while the holder is away for a moment', () => {
  holders.entered('x', a);
  expect(holders.judge('x', b)).toBe('welcome');
  holders.refused('x', b, 1);
  holders.left('x');
  now += awayMs - 1;
  expect(holders.judge('x', b)).toBe('rival');
  expect(holders.judge('x', a)).toBe('welcome');
  expect(holders.judge('x', c)).toBe('welcome');
});

test('it may follow when the holder has been away for long, and then the holder is the rival', () => {
  holders.entered('x', a);
  holders.refused('x', b, 1);
  holders.left('x');
  now += awayMs;
  expect(holders.judge('x', b)).toBe('follows');
  holders.entered('x', b);
  expect(holders.judge('x', b)).toBe('welcome');
  expect(holders.judge('x', a)).toBe('rival');
});

test('when a person has closed the incident, everybody is welcome again', () => {
  holders.entered('x', a);
  holders.refused('x', b, 7);
  holders.left('x');
  expect(holders.judge('x', b)).toBe('rival');
  closed.add(7);
  expect(holders.judge('x', b)).toBe('welcome');
});

test('the newest few rivals are remembered', () => {
  holders.entered('x', a);
  for (let rival = 1; rival <= 9; rival += 1) holders.refused('x', rival, undefined);
  expect(holders.judge('x', 1)).toBe('welcome');
  expect(holders.judge('x', 2)).toBe('rival');
});

test('two copies of one running machine started at the same moment; the holder is never its own rival', () => {
  holders.entered('x', a);
  holders.refused('x', a, 1);
  holders.left('x');
  expect(holders.judge('x', a)).toBe('welcome');
});

test('a revoked agent is forgotten', () => {
  holders.entered('x', a);
  holders.refused('x', b, 1);
  holders.forget('x');
  expect(holders.judge('x', b)).toBe('welcome');
  holders.left('x');
  holders.refused('x', b, 1);
  expect(holders.judge('x', b)).toBe('welcome');
});
