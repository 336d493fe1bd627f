import type { AgentView } from '../../../src/http/schemas.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { MachineRow } from './machine-row.tsx';

interface Column {
  readonly name: string;
  readonly title: PlainTextKey;
  /** Order at the first press: names from A on, loads from the highest down. */
  readonly sort: string;
}

const columns: readonly Column[] = [
  { name: 'state', title: 'state', sort: 'state' },
  { name: 'name', title: 'machine', sort: 'name' },
  { name: 'unit', title: 'unit', sort: 'unit' },
  { name: 'class', title: 'class', sort: 'class' },
  { name: 'cpu', title: 'cpu', sort: '-cpu' },
  { name: 'memory', title: 'memory', sort: '-memory' },
  { name: 'filesystem', title: 'disk', sort: '-filesystem' },
  { name: 'last-seen', title: 'lastSeen', sort: '-last_seen' },
];

function turnRound(sort: string): string {
  return sort.startsWith('-') ? sort.slice(1) : `-${sort}`;
}

/** The machines of one page. On a narrow screen each row becomes a card. */
export function MachineTable(props: {
  readonly machines: readonly AgentView[];
  readonly unitName: (code: string) => string;
  readonly sort: string;
  readonly busy: boolean;
  readonly onSort: (sort: string) => void;
}) {
  const { t } = useTexts();
  return (
    <table class="machines" aria-busy={props.busy}>
      <thead>
        <tr>
          {columns.map((column) => (
            <ColumnHead key={column.name} column={column} title={t(column.title)} {...props} />
          ))}
        </tr>
      </thead>
      <tbody>
        {props.machines.map((machine) => (
          <MachineRow key={machine.id} machine={machine} unitName={props.unitName(machine.unit)} />
        ))}
      </tbody>
    </table>
  );
}

function ColumnHead(props: {
  readonly column: Column;
  readonly title: string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}) {
  const { column, sort } = props;
  const isSorted = sort === column.sort || sort === turnRound(column.sort);
  const order = sort.startsWith('-') ? 'descending' : 'ascending';
  return (
    <th scope="col" class={`column-${column.name}`} aria-sort={isSorted ? order : undefined}>
      <button type="button" onClick={() => props.onSort(isSorted ? turnRound(sort) : column.sort)}>
        {props.title}
        {isSorted && (
          <svg class="sort-mark" viewBox="0 0 8 6" aria-hidden="true">
            <path d={order === 'ascending' ? 'M4 0 8 6H0Z' : 'M4 6 0 0H8Z'} />
          </svg>
        )}
      </button>
    </th>
  );
}
