/** Who made an object decides who may change it: a person by hand (``), the API, or a file. */
import { type Call, Refusal } from './exchange.ts';
import type { Provenance } from './organisation.ts';

/** By the header's presence; its value does not count. */
export function provenanceOf(call: Call): Provenance {
  return call.headers['x-disable-provenance'] === undefined ? 'api' : '';
}

/** Contact points, mute timings, templates, policies and single rules. */
export function checkProvenance(call: Call, { from, to }: { from: Provenance; to: Provenance }): void {
  if (from === '' || from === to) return;
  const text = `cannot change provenance from '${from}' to '${to}'`;
  if (!call.version.isAtLeast(11)) throw new Refusal(500, text);
  throw new Refusal(403, text, { messageId: 'alerting.provenance.invalid-transition', statusCode: 403 });
}

/** Rules as they are changed by their group: what the API made may be given free. */
export function checkGroupProvenance(
  call: Call,
  { from, to, operation }: { from: Provenance; to: Provenance; operation: 'update' | 'delete' },
): void {
  const mayFree = call.version.isAtLeast(10) && from === 'api' && to === '';
  if (from === '' || from === to || mayFree) return;
  const text = `cannot ${operation} with provided provenance '${to}', needs '${from}'`;
  if (!call.version.isAtLeast(11)) throw new Refusal(500, text);
  throw new Refusal(409, text, { messageId: 'alerting.provenanceMismatch', statusCode: 409 });
}
