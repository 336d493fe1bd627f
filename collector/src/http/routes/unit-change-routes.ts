import type { LiveState } from '../../live/live-state.ts';
import { auditImport, auditRetirement, auditUnit } from '../../registry/unit-audit.ts';
import { maxFileBytes, readUnitFile } from '../../registry/unit-file.ts';
import type { ImportPlan } from '../../registry/unit-import.ts';
import type { Retirement } from '../../registry/unit-retirement.ts';
import { UnitRefused, type When } from '../../registry/unit-timeline.ts';
import { startOf } from '../../registry/unit-times.ts';
import type { Units } from '../../registry/units.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { type RecordOptions, recordChange } from '../record-change.ts';
import { UnitHistory } from '../schemas.ts';
import {
  AddBody,
  ChangeBody,
  CodeParams,
  ImportAnswer,
  ImportBody,
  ImportQuery,
  RetireBody,
  RetirementAnswer,
} from '../unit-change-schemas.ts';
import { viewPlan, viewRetirement, viewUnitHistory } from '../unit-view.ts';
import type { App } from './app.ts';

interface UnitChangeOptions extends RecordOptions {
  readonly units: Units;
  readonly live: Pick<LiveState, 'get' | 'put'>;
}

/** Throws a Problem in place of a refusal. */
function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UnitRefused)) throw error;
    throw new Problem(error.reason === 'unknown' ? 404 : 409, error.message);
  }
}

/** The routes that change the tree of units; each change is in the audit log. */
export function addUnitChangeRoutes(app: App, options: UnitChangeOptions): void {
  const { units, live, now } = options;
  // With the parser, other routes take such a body too, and refuse it by their schemas.
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  function whenOf(from: string | undefined): When {
    return { from: from === undefined ? undefined : startOf(from), now: now() };
  }

  app.post(
    '/api/v1/units',
    {
      config: { permission: 'administer' },
      schema: { summary: 'Adds a unit', body: AddBody, response: { 201: UnitHistory } },
    },
    async (request, reply) => {
      const { from, ...unit } = request.body;
      const when = whenOf(from);
      refusing(() => units.add(unit, when));
      const after = units.details(unit.code, when.from);
      recordChange(options, request, {
        action: 'unit.add',
        subject: unit.code,
        ...auditUnit({ after, from: when.from }),
      });
      return reply.code(201).send(viewUnitHistory(units.history(unit.code)));
    },
  );

  app.patch(
    '/api/v1/units/:code',
    {
      config: { permission: 'administer' },
      schema: {
        summary: 'Changes a unit; null takes a value away, another parent moves it',
        params: CodeParams,
        body: ChangeBody,
        response: { 200: UnitHistory },
      },
    },
    async (request) => {
      const { code } = request.params;
      const { from, ...patch } = request.body;
      const when = whenOf(from);
      const before = units.details(code, when.from);
      refusing(() => units.change(code, patch, when));
      const after = units.details(code, when.from);
      recordChange(options, request, {
        action: 'unit.change',
        subject: code,
        ...auditUnit({ before, after, from: when.from }),
      });
      return viewUnitHistory(units.history(code));
    },
  );

  app.post(
    '/api/v1/units/:code/retire',
    {
      config: { permission: 'administer' },
      schema: {
        summary: 'Ends a unit; a successor takes over its units, machines and codes',
        params: CodeParams,
        body: RetireBody,
        response: { 200: RetirementAnswer },
      },
    },
    async (request) => {
      const { code } = request.params;
      const { into, from } = request.body;
      const retired = refusing(() => units.retire(code, { ...whenOf(from), into }));
      recordChange(options, request, { action: 'unit.retire', subject: code, ...auditRetirement(retired) });
      followMove(live, retired);
      return viewRetirement(retired);
    },
  );

  app.post(
    '/api/v1/units/import',
    {
      config: { permission: 'administer' },
      bodyLimit: maxFileBytes,
      schema: {
        summary: 'Adds and changes units as a CSV file says: all of it or nothing',
        querystring: ImportQuery,
        body: ImportBody,
        consumes: 'text/csv',
        response: { 200: ImportAnswer },
      },
    },
    async (request) => {
      const { dry_run, from } = request.query;
      const when = whenOf(from);
      const file = readUnitFile(request.body);
      if (dry_run === 'true')
        return viewPlan(
          refusing(() => units.planImport(file, when)),
          false,
        );
      const plan = refusing(() => units.import(file, when));
      if (plan.problems.length > 0) throw invalidFile(plan);
      if (plan.added.length + plan.changed.length > 0) {
        recordChange(options, request, { action: 'unit.import', ...auditImport(plan, request.body) });
      }
      return viewPlan(plan, true);
    },
  );
}

/** The collector notices what other processes write to the registry, not what it writes itself. */
function followMove(live: UnitChangeOptions['live'], { into, movedAgents }: Retirement): void {
  for (const id of movedAgents) {
    const agent = live.get(id);
    if (agent && into !== undefined) live.put({ ...agent.record, unit: into });
  }
}

function invalidFile({ problems }: ImportPlan): Problem {
  return invalidRequest(
    problems.map(({ line, column, detail }) => ({
      location: 'body',
      name: [line === null ? [] : `line ${line}`, column ?? []].flat().join(', '),
      detail,
    })),
  );
}
