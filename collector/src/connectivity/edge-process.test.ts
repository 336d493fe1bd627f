import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Point } from '@vonggac/shared';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installedAgent } from '../agent-program.ts';
import { EdgeProcess } from './edge-process.ts';

const target = { id: 'edge:DH:tslcd', url: 'icmp://10.1.2.1', scope: 'edge', every: 30 } as const;

let folder: string;
let edge: EdgeProcess;
let points: Point[];
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-edge-'));
  points = [];
  log = [];
});
afterEach(async () => {
  await edge.stop();
  rmSync(folder, { recursive: true });
});

/** An agent's program whose lines `script` writes; it keeps what it is told in `told`. */
function begin(script: string): void {
  const program = join(folder, 'agent');
  const read = `process.stdin.on('data', (text) => require('fs').appendFileSync('${folder}/told', text));`;
  const leave = "process.stdin.on('end', () => process.exit());";
  writeFileSync(program, `#!${process.execPath}\n${read}\n${leave}\n${script}\n`);
  chmodSync(program, 0o700);
  edge = new EdgeProcess({
    launch: () => installedAgent(program),
    onPoint: (point) => points.push(point),
    logger: pino({}, { write: (line: string) => void log.push(line) }),
    monotonic: () => performance.now(),
  });
  edge.setTargets([target]);
  edge.start();
}

function line(id: string = target.id, scope = 'edge'): string {
  const tags = { target: id, kind: 'icmp', scope };
  const point = { measurement: 'connectivity', tags, fields: { up: true, checks: 1 }, time: 5 };
  return JSON.stringify(JSON.stringify({ point }));
}

test('tells the program what to check, and takes only points of that', async () => {
  const rubbish = ['"x"', '"{}"', "'\\u0000'", "'y'.repeat(200000)", line('edge:XX:y'), line(target.id, 'lan')];
  begin([...rubbish, line()].map((text) => `console.log(${text});`).join('\n'));
  await vi.waitFor(() => expect(points).toHaveLength(1), 5_000);
  expect(points[0]).toMatchObject({ tags: { target: target.id }, fields: { up: true } });
  expect(log.join('')).toContain('a line that is no point');
  const told = () => readFileSync(join(folder, 'told'), 'utf8').trim().split('\n');
  await vi.waitFor(() => expect(existsSync(join(folder, 'told'))).toBe(true), 5_000);
  expect(JSON.parse(told()[0] ?? '')).toEqual({ targets: [target] });
  edge.setTargets([target]);
  edge.setTargets([]);
  await vi.waitFor(() => expect(told()).toHaveLength(2), 5_000);
  expect(edge.isRunning).toBe(true);
});

test('starts it again when it ends, later each time', async () => {
  begin(`console.log(${line()}); setTimeout(() => process.exit(3), 50);`);
  await vi.waitFor(() => expect(points).toHaveLength(2), 5_000);
  await vi.waitFor(() => expect(edge.restarts).toBe(2), 5_000);
  expect(log.map((text) => JSON.parse(text)).map(({ code, waitMs }) => [code, waitMs])).toEqual([
    [3, 1_000],
    [3, 2_000],
  ]);
});

test('a program that is not there is logged and looked for again', async () => {
  begin('');
  await edge.stop();
  rmSync(join(folder, 'agent'));
  edge.start();
  expect(edge.isRunning).toBe(false);
  expect(log.join('')).toContain('the program vonggac-agent is not there');
});

test('without targets there is no process', async () => {
  begin('');
  await edge.stop();
  edge.setTargets([]);
  edge.start();
  expect(edge.isRunning).toBe(false);
  await edge.stop();
});
