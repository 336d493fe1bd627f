import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { askNut, parseUpsList, parseVariables } from './nut.ts';
import { sample } from './testing/hardware-samples.ts';

const name = 'phong-may';
let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** Listens at a port of its own, as `upsd` does, and answers each line as `answer` says. */
async function upsd(answer: (line: string, socket: Socket) => string | undefined): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().trimEnd().split('\n')) {
        const text = answer(line, socket);
        if (text !== undefined) socket.write(text);
      }
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server?.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
  return promise;
}

function ask(port: number) {
  return askNut({ port, signal: new AbortController().signal });
}

describe('parsers', () => {
  test('read the names, and none that could be more than a name', () => {
    expect(parseUpsList(sample('nut-list-ups.txt'))).toEqual(['phong-may', 'apc@2']);
    expect(parseUpsList('BEGIN LIST UPS\nUPS ../x "d"\nUPS a;b "d"\nEND LIST UPS\n')).toEqual([]);
  });

  test.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'upsd does not speak its protocol: "HTTP/1.1 400'],
    ['', 'upsd does not speak its protocol: ""'],
    ['ERR ACCESS-DENIED\n', 'upsd refuses to list its UPS: ACCESS-DENIED'],
  ])('refuse %j', (text, expected) => {
    expect(() => parseUpsList(text)).toThrow(expected);
  });

  test('read a UPS on line', () => {
    expect(parseVariables(sample('nut-on-line.txt'), [name])).toEqual({
      readings: [{ ups: name, kind: 'ups', onBattery: false, charge: 100, runtimeSeconds: 2_670, isLow: false }],
      problems: [],
    });
  });

  test('read one whose battery is low', () => {
    const { readings } = parseVariables(sample('nut-on-battery-low.txt'), [name]);
    expect(readings).toMatchObject([{ onBattery: true, charge: 14.6, runtimeSeconds: 181, isLow: true }]);
  });

  test('read what a real upsd said', () => {
    expect(parseVariables(sample('nut-recorded-2.8.0.txt'), [name])).toEqual({
      readings: [{ ups: name, kind: 'ups', onBattery: true, charge: 12, runtimeSeconds: 95, isLow: true }],
      problems: [],
    });
  });

  test('do not take what is not known for well', () => {
    const text = `ERR DATA-STALE\n${sample('nut-on-line.txt')}`;
    const { readings, problems } = parseVariables(text, ['apc', name]);
    expect(readings.map(({ ups }) => ups)).toEqual([name]);
    expect(problems).toEqual(['upsd says of apc: DATA-STALE']);
    const off = `BEGIN LIST VAR ${name}\nVAR ${name} ups.status "OFF"\nEND LIST VAR ${name}\n`;
    expect(parseVariables(off, [name]).readings).toMatchObject([{ onBattery: undefined }]);
    const bare = `BEGIN LIST VAR ${name}\nVAR ${name} battery.charge "x"\nEND LIST VAR ${name}\n`;
    expect(parseVariables(bare, [name]).problems).toEqual(['upsd does not say the status of phong-may']);
  });

  test('leave out values of another UPS, and those that are no numbers', () => {
    const lines = ['ups.status "OL"', 'battery.charge "-1"', 'battery.runtime "1e9"'].map(
      (text) => `VAR ${name} ${text}`,
    );
    const text = [`BEGIN LIST VAR ${name}`, ...lines, `VAR other battery.charge "5"`, `END LIST VAR ${name}`, ''].join(
      '\n',
    );
    expect(parseVariables(text, [name]).readings).toMatchObject([{ charge: undefined, runtimeSeconds: undefined }]);
  });
});

describe('askNut', () => {
  test('asks for the list and then for each', async () => {
    const asked: string[] = [];
    const port = await upsd((line) => {
      asked.push(line);
      if (line === 'LIST UPS') return sample('nut-list-ups.txt');
      return line === `LIST VAR ${name}` ? sample('nut-on-battery-low.txt') : 'ERR DRIVER-NOT-CONNECTED\n';
    });
    expect(await ask(port)).toEqual({
      readings: [{ ups: name, kind: 'ups', onBattery: true, charge: 14.6, runtimeSeconds: 181, isLow: true }],
      problems: ['upsd says of apc@2: DRIVER-NOT-CONNECTED'],
    });
    expect(asked).toEqual(['LIST UPS', `LIST VAR ${name}`, 'LIST VAR apc@2']);
  });

  test('nobody listens: there is no UPS', async () => {
    const port = await upsd(() => undefined);
    server?.close();
    expect(await ask(port)).toBeUndefined();
  });

  test('knows none yet', async () => {
    const port = await upsd(() => 'BEGIN LIST UPS\nEND LIST UPS\n');
    expect(await ask(port)).toEqual({ readings: [], problems: [] });
  });

  test('gives up on one that hangs up', async () => {
    const port = await upsd((_, socket) => void socket.end());
    await expect(ask(port)).rejects.toThrow('upsd closed the connection');
  });

  test('gives up on one that talks without end', async () => {
    const port = await upsd(() => `BEGIN LIST UPS\n${'x'.repeat(100_000)}`);
    await expect(ask(port)).rejects.toThrow('upsd wrote more than 65536 bytes');
  });

  test('gives up on one that says nothing', async () => {
    const controller = new AbortController();
    const port = await upsd(() => void setImmediate(() => controller.abort()));
    await expect(askNut({ port, signal: controller.signal })).rejects.toThrow('given up');
  });
});
