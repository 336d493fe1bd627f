import * as z from 'zod';
import { path } from '../grafana-api.ts';
import { folder } from '../made-objects.ts';
import type { SyncContext } from './context.ts';
import { refusedStep, type Step, stepFor } from './plan.ts';

const Stored = z.looseObject({ uid: z.string(), title: z.string() });

/** `holdsOurs` says that something in it has our mark, which a folder itself cannot have. */
export async function folderStep({ api, adopt }: SyncContext, { holdsOurs }: { holdsOurs: boolean }): Promise<Step> {
  const { uid, title } = folder;
  const object = { kind: 'folder', name: title };
  const what = `the folder "${title}"`;
  const where = path`/api/folders/${uid}`;
  const stored = await api.find(where, { what, answer: Stored });
  if (stored) {
    const differs = stored.title === title ? [] : [`title: it is "${stored.title}"`];
    return stepFor(
      object,
      { owner: holdsOurs ? 'ours' : 'foreign', differs },
      {
        adopt: adopt && differs.length > 0,
        write: () => api.put(where, { what, body: { title, overwrite: true }, answer: Stored }).then(() => undefined),
      },
    );
  }
  const all = await api.get('/api/folders', { what: 'the folders', query: { limit: '1000' }, answer: z.array(Stored) });
  const other = all.find((one) => one.title.toLowerCase() === title.toLowerCase());
  if (other) {
    return refusedStep(object, `its title is that of another folder (uid ${other.uid}): rename that one in Grafana`);
  }
  return stepFor(object, undefined, {
    adopt,
    write: () => api.post('/api/folders', { what, body: { uid, title }, answer: Stored }).then(() => undefined),
  });
}
