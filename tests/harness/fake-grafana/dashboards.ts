/** Dashboards, and the search that finds them and folders. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { isUid, newUid, sorted } from './go-json.ts';
import type { Dashboard, Organisation } from './organisation.ts';

const shortestRefreshSeconds = 5;

export function dashboardRoutes({ now }: { now: () => number }): readonly Route[] {
  return [
    { method: 'POST', path: '/api/dashboards/db', permission: 'editor', answer: save },
    { method: 'GET', path: '/api/dashboards/uid/:uid', permission: 'viewer', answer: (call) => read(call, now()) },
    { method: 'DELETE', path: '/api/dashboards/uid/:uid', permission: 'editor', answer: remove },
    { method: 'GET', path: '/api/search', permission: 'viewer', answer: search },
  ];
}

function save(call: Call): Answer {
  const { organisation, body, version } = call;
  const given = objectOf(body);
  const json = objectOf(given.dashboard);
  const folderUid = textOf(given, 'folderUid');
  const isOverwriting = given.overwrite === true;
  const title = textOf(json, 'title').trim();
  const wanted = textOf(json, 'uid');
  checkDashboard({ title, uid: wanted, refresh: json.refresh });
  if (folderUid !== '' && !organisation.folders.has(folderUid)) {
    throw new Refusal(400, 'folder not found', { status: 'not-found' });
  }
  if (!version.isAtLeast(11) && organisation.folders.has(wanted)) {
    throw new Refusal(409, 'a folder/dashboard with the same uid already exists');
  }
  const byUid = organisation.dashboards.get(wanted);
  if (json.id !== null && json.id !== undefined && json.id !== byUid?.id) {
    if (byUid) throw new Refusal(400, 'A dashboard with the same uid already exists');
    throw new Refusal(404, 'Dashboard not found', { status: 'not-found' });
  }
  // From 11.4 on titles may be there twice; before, the dashboard of that title is the one that is overwritten.
  const byTitle = version.isAtLeast(11, 4) ? undefined : titled(organisation, { folderUid, title });
  if (byTitle && byTitle.uid !== wanted && !isOverwriting) {
    const text = 'A dashboard with the same name in the folder already exists';
    throw new Refusal(412, text, { status: 'name-exists' });
  }
  const before = byTitle ?? byUid;
  if (before?.isProvisioned) throw new Refusal(400, 'Cannot save provisioned dashboard');
  if (before && !isOverwriting && json.version !== before.version) {
    throw new Refusal(412, 'The dashboard has been changed by someone else', { status: 'version-mismatch' });
  }
  const id = before?.id ?? organisation.nextId();
  const uid = before?.uid ?? (wanted || newUid());
  const next = (before?.version ?? 0) + 1;
  const stored = sorted({ ...json, id, uid, title, version: next });
  organisation.dashboards.set(uid, { id, uid, title, folderUid, version: next, isProvisioned: false, json: stored });
  const slug = slugOf(title);
  return {
    status: 200,
    body: { id, uid, folderUid, slug, status: 'success', url: `/d/${uid}/${slug}`, version: next },
  };
}

function read(call: Call, now: number): Answer {
  const { title, uid, folderUid, version, isProvisioned, json } = existing(call);
  const folderTitle = call.organisation.folders.get(folderUid)?.title ?? 'General';
  const slug = slugOf(title);
  const rights = { canSave: true, canEdit: true, canAdmin: true, canStar: false, canDelete: true };
  const at = new Date(now).toISOString();
  const file = { provisioned: isProvisioned, provisionedExternalId: isProvisioned ? `${uid}.json` : '' };
  const place = { slug, url: `/d/${uid}/${slug}`, folderUid, folderTitle, isFolder: false };
  return {
    status: 200,
    body: { dashboard: json, meta: { type: 'db', ...rights, ...place, ...file, version, updated: at } },
  };
}

function remove(call: Call): Answer {
  const { uid, id, title, isProvisioned } = existing(call);
  if (isProvisioned) throw new Refusal(400, 'provisioned dashboard cannot be deleted');
  call.organisation.dashboards.delete(uid);
  return { status: 200, body: { title, message: `Dashboard ${title} deleted`, id } };
}

function search({ organisation, query, version }: Call): Answer {
  const text = (query.get('query') ?? '').toLowerCase();
  // Versions before take no notice of it.
  const folderUids = version.isAtLeast(9, 5) ? query.getAll('folderUIDs').flatMap((uids) => uids.split(',')) : [];
  const tags = query.getAll('tag');
  const type = query.get('type');
  const limit = Number(query.get('limit') ?? 1_000);
  const start = (Number(query.get('page') ?? 1) - 1) * limit;
  const none: readonly string[] = [];
  const folders = [...organisation.folders.values()].map(({ id, uid, title, parentUid }) => {
    const url = `/dashboards/f/${uid}/`;
    return {
      id,
      uid,
      title,
      uri: `db/${slugOf(title)}`,
      url,
      slug: '',
      type: 'dash-folder',
      tags: none,
      folderUid: parentUid,
    };
  });
  const dashboards = [...organisation.dashboards.values()].map(({ id, uid, title, folderUid, json }) => {
    const url = `/d/${uid}/${slugOf(title)}`;
    const place = { folderUid, folderTitle: organisation.folders.get(folderUid)?.title };
    return { id, uid, title, uri: `db/${slugOf(title)}`, url, slug: '', type: 'dash-db', tags: tagsOf(json), ...place };
  });
  const found = [...folders, ...dashboards].filter(
    (hit) =>
      hit.title.toLowerCase().includes(text) &&
      (folderUids.length === 0 || folderUids.includes(hit.folderUid || 'general')) &&
      (type === null || hit.type === type) &&
      tags.every((tag) => hit.tags.includes(tag)),
  );
  return {
    status: 200,
    body: found.slice(start, start + limit).map((hit) => ({ ...hit, isStarred: false, sortMeta: 0 })),
  };
}

function checkDashboard({ title, uid, refresh }: { title: string; uid: string; refresh: unknown }): void {
  if (title === '') throw new Refusal(400, 'Dashboard title cannot be empty', { status: 'empty-name' });
  if (uid.length > 40) throw new Refusal(400, 'uid too long, max 40 characters');
  if (uid !== '' && !isUid(uid)) throw new Refusal(400, 'uid contains illegal characters');
  const [, seconds] = /^(\d+)s$/.exec(typeof refresh === 'string' ? refresh : '') ?? [];
  if (seconds !== undefined && Number(seconds) < shortestRefreshSeconds) {
    throw new Refusal(400, 'Dashboard refresh interval is too low');
  }
}

function existing({ organisation, parameters }: Call): Dashboard {
  const dashboard = organisation.dashboards.get(parameters.uid ?? '');
  if (!dashboard) throw new Refusal(404, 'Dashboard not found', { status: 'not-found' });
  return dashboard;
}

function titled(
  organisation: Organisation,
  { folderUid, title }: { folderUid: string; title: string },
): Dashboard | undefined {
  return [...organisation.dashboards.values()].find(
    (dashboard) => dashboard.folderUid === folderUid && dashboard.title === title,
  );
}

function tagsOf(json: Json): readonly string[] {
  return Array.isArray(json.tags) ? (json.tags as string[]) : [];
}

function slugOf(title: string): string {
  return title
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
