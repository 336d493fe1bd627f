import { expect, onTestFinished, test } from 'vitest';
import { UnitMachines } from '../schemas.ts';
import { createTestServer } from '../testing/test-server.ts';

test('machines are counted by unit and class, without revoked ones', async () => {
  const server = createTestServer();
  onTestFinished(() => server.close());
  server.addAgent('a-1', { unit: 'QB', class: 'server' });
  server.addAgent('a-2', { unit: 'DH', class: 'pc' });
  server.addAgent('a-3', { unit: 'DH', class: 'pc' });
  server.addAgent('a-4', { unit: 'DH', class: 'pc', revokedAt: 1 });
  const answer = await server.app.inject({ url: '/api/v1/units/machines', headers: server.authorization() });
  expect(UnitMachines.parse(answer.json()).items).toEqual([
    { unit: 'DH', server: 0, gateway: 0, pc: 2 },
    { unit: 'QB', server: 1, gateway: 0, pc: 0 },
  ]);
});
