/** Annotations and silences of a Grafana in memory, asked through `fetch`; what it answers differently can be set. */
interface Annotation {
  readonly id: number;
  readonly time: number;
  readonly timeEnd?: number;
  readonly tags: readonly string[];
  readonly text: string;
}

interface Silence {
  readonly id: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly matchers: readonly object[];
}

export class MemoryGrafana {
  readonly annotations = new Map<number, Annotation>();
  readonly silences = new Map<string, Silence>();
  /** `POST /api/annotations`, for each that changed something. */
  readonly writes: string[] = [];
  /** How often it was asked. */
  calls = 0;
  /** It does not answer. */
  isAway = false;
  refusesSilences = false;
  /** It does what it is asked, and its answer is lost, so many times. */
  lostAnswers = 0;
  /** What it answers instead of doing it. */
  refusal: { readonly status: number; readonly times: number } | undefined;
  readonly #now: () => number;
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    this.calls += 1;
    if (this.isAway) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    const { method = 'GET', body } = init;
    const url = new URL(String(input));
    const refusal = this.refusal;
    if (refusal && method !== 'GET') {
      this.refusal = refusal.times > 1 ? { ...refusal, times: refusal.times - 1 } : undefined;
      return Response.json({ message: 'no' }, { status: refusal.status });
    }
    const answer = this.#answer(method, { url, body: body === undefined ? undefined : JSON.parse(String(body)) });
    if (method !== 'GET') this.writes.push(`${method} ${url.pathname}`);
    if (method !== 'GET' && this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
    }
    return answer;
  };

  /** As a person does in Grafana. */
  expire(id: string): void {
    const silence = this.silences.get(id);
    if (silence) this.silences.set(id, { ...silence, endsAt: new Date(this.#now()).toISOString() });
  }

  get active(): Silence[] {
    return [...this.silences.values()].filter(({ endsAt }) => Date.parse(endsAt) > this.#now());
  }

  #answer(method: string, { url, body }: { url: URL; body: unknown }): Response {
    const id = url.pathname.split('/').at(-1) ?? '';
    if (url.pathname.includes('/silence')) return this.#silence(method, { id, body });
    if (method === 'GET') {
      const tag = url.searchParams.get('tags') ?? '';
      return Response.json([...this.annotations.values()].filter(({ tags }) => tags.includes(tag)));
    }
    const key = method === 'POST' ? ++this.#lastId : Number(id);
    const before = this.annotations.get(key);
    if (method === 'PATCH' && !before) return Response.json({ message: 'Annotation not found' }, { status: 404 });
    this.annotations.set(key, { ...before, ...(body as Annotation), id: key });
    return Response.json({ id: key, message: 'done' });
  }

  #silence(method: string, { id, body }: { id: string; body: unknown }): Response {
    if (this.refusesSilences) return Response.json({ message: 'Forbidden' }, { status: 403 });
    if (method === 'GET') {
      const state = (ends: string) => (Date.parse(ends) > this.#now() ? 'active' : 'expired');
      return Response.json(
        [...this.silences.values()].map((each) => ({ ...each, status: { state: state(each.endsAt) } })),
      );
    }
    if (method === 'DELETE') {
      this.expire(id);
      return Response.json({});
    }
    const given = body as Silence;
    const silence = { ...given, id: given.id ?? `s${this.silences.size + 1}` };
    this.silences.set(silence.id, silence);
    return Response.json({ silenceID: silence.id }, { status: 202 });
  }
}
