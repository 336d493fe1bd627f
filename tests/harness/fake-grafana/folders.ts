/** Folders. Titles are unique within their parent, uids within the organisation. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { isUid, newUid } from './go-json.ts';
import type { Folder, Organisation } from './organisation.ts';

export const folderRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/folders', permission: 'viewer', answer: list },
  { method: 'POST', path: '/api/folders', permission: 'editor', answer: create },
  { method: 'GET', path: '/api/folders/:uid', permission: 'viewer', answer: read },
  { method: 'PUT', path: '/api/folders/:uid', permission: 'editor', answer: update },
  { method: 'DELETE', path: '/api/folders/:uid', permission: 'editor', answer: remove },
];

const defaultPage = 1_000;

function list({ organisation, query }: Call): Answer {
  const parent = query.get('parentUid') ?? '';
  const limit = Number(query.get('limit') ?? defaultPage);
  const start = (Number(query.get('page') ?? 1) - 1) * limit;
  const all = [...organisation.folders.values()].filter(({ parentUid }) => parentUid === parent);
  const body = all.slice(start, start + limit).map(({ id, uid, title }) => ({ id, uid, title }));
  return { status: 200, body };
}

function read(call: Call): Answer {
  return { status: 200, body: shown(existing(call)) };
}

function create({ organisation, body, version }: Call): Answer {
  const given = objectOf(body);
  const title = titleOf(given);
  const uid = textOf(given, 'uid') || newUid();
  if (uid.length > 40) throw new Refusal(400, 'uid too long, max 40 characters');
  if (!isUid(uid)) throw new Refusal(400, 'uid contains illegal characters');
  if (organisation.folders.has(uid)) {
    if (!version.isAtLeast(11)) throw mismatch();
    throw new Refusal(409, 'a folder with the same uid already exists in the current location');
  }
  if (!version.isAtLeast(11) && organisation.dashboards.has(uid)) {
    throw new Refusal(409, 'a folder/dashboard with the same uid already exists');
  }
  // Without nested folders the parent is left out, silently.
  const parentUid = version.isAtLeast(11) ? textOf(given, 'parentUid') : '';
  if (parentUid !== '' && !organisation.folders.has(parentUid)) throw new Refusal(400, 'parent folder not found');
  refuseTaken(organisation, { title, parentUid, uid });
  const folder: Folder = { id: organisation.nextId(), uid, title, parentUid, version: 1 };
  organisation.folders.set(uid, folder);
  return { status: 200, body: shown(folder) };
}

function update(call: Call): Answer {
  const { organisation, body } = call;
  const folder = existing(call);
  const given = objectOf(body);
  const title = titleOf(given);
  if (given.overwrite !== true && given.version !== folder.version) throw mismatch();
  refuseTaken(organisation, { ...folder, title });
  const changed: Folder = { ...folder, title, version: folder.version + 1 };
  organisation.folders.set(folder.uid, changed);
  return { status: 200, body: shown(changed) };
}

function remove(call: Call): Answer {
  const { organisation, query } = call;
  const { uid, title, id } = existing(call);
  const rules = [...organisation.rules.values()].filter(({ folderUid }) => folderUid === uid);
  if (rules.length > 0 && query.get('forceDeleteRules') !== 'true') {
    throw new Refusal(400, 'folder cannot be deleted: folder contains alert rules');
  }
  for (const { rule } of rules) organisation.rules.delete(rule.uid);
  for (const dashboard of organisation.dashboards.values()) {
    if (dashboard.folderUid === uid) organisation.dashboards.delete(dashboard.uid);
  }
  organisation.folders.delete(uid);
  return { status: 200, body: { title, message: `Folder ${title} deleted`, id } };
}

function existing({ organisation, parameters }: Call): Folder {
  const folder = organisation.folders.get(parameters.uid ?? '');
  if (!folder) throw new Refusal(404, 'folder not found', { status: 'not-found' });
  return folder;
}

function titleOf(given: Json): string {
  const title = textOf(given, 'title').trim();
  if (title === '') throw new Refusal(400, 'folder title cannot be empty');
  return title;
}

function mismatch(): Refusal {
  return new Refusal(412, 'the folder has been changed by someone else', { status: 'version-mismatch' });
}

function refuseTaken(
  organisation: Organisation,
  { title, parentUid, uid }: { title: string; parentUid: string; uid: string },
): void {
  const isTaken = [...organisation.folders.values()].some(
    (folder) => folder.uid !== uid && folder.parentUid === parentUid && folder.title === title,
  );
  if (isTaken) throw new Refusal(409, 'a folder with the same name already exists in the current location');
}

function shown({ id, uid, title, parentUid, version }: Folder): Json {
  const more = {
    url: `/dashboards/f/${uid}/`,
    hasAcl: false,
    canSave: true,
    canEdit: true,
    canAdmin: true,
    canDelete: true,
  };
  return { id, uid, orgId: 1, title, ...more, version, ...(parentUid === '' ? {} : { parentUid }) };
}
