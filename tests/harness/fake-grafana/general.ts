/** Health, organisation, and what a token of an organisation never may. */
import type { Call, Route } from './exchange.ts';

export function generalRoutes({ hidesVersion }: { hidesVersion: boolean }): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/health',
      permission: 'anyone',
      answer: ({ version }) => ({
        status: 200,
        body: { database: 'ok', ...(hidesVersion ? {} : { version: version.text, commit: '0a1b2c3d4e' }) },
      }),
    },
    { method: 'GET', path: '/login', permission: 'anyone', answer: () => page },
    { method: 'GET', path: '/api/org', permission: 'viewer', answer: organisation },
    { method: 'GET', path: '/apis', permission: 'viewer', answer: groups },
  ];
}

/** What a wrong address of the server leads to: 200, and no JSON. */
const page = { status: 200, type: 'text/html; charset=UTF-8', body: '<!DOCTYPE html><title>Grafana</title>' };

function organisation(call: Call) {
  const { id, name } = call.organisation;
  const address = { address1: '', address2: '', city: '', zipCode: '', state: '', country: '' };
  return { status: 200, body: { id, name, address } };
}

function groups(call: Call) {
  if (!call.version.isAtLeast(12)) return { status: 404, body: { message: 'Not found' } };
  return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: [] } };
}
