import { openRegistry } from '../registry/database.ts';
import { UnitRefused } from '../registry/unit-timeline.ts';
import { Units } from '../registry/units.ts';
import { type Arguments, type Command, CommandFailed, readArguments, UsageError } from './command.ts';
import { addUnit, changeUnit, moveUnit, retireUnit } from './units-edit.ts';
import { exportUnits, importUnits } from './units-file.ts';
import { attributeFlags } from './units-flags.ts';
import { listUnits, showUnit } from './units-list.ts';

interface Action {
  readonly usage: string;
  /** How many words follow: at least and at most. */
  readonly words: readonly [least: number, most: number];
  readonly flags: readonly string[];
  run(args: Arguments, units: Units): number;
}

const changeable = attributeFlags.filter((flag) => flag !== 'parent');

const actions: Readonly<Record<string, Action>> = {
  list: { usage: 'list [--at DAY]', words: [0, 0], flags: ['at'], run: listUnits },
  show: { usage: 'show CODE', words: [1, 1], flags: [], run: showUnit },
  add: {
    usage: 'add CODE --name NAME [--parent CODE] [ATTRIBUTES] [--from DAY]',
    words: [1, 1],
    flags: [...attributeFlags, 'from'],
    run: addUnit,
  },
  change: {
    usage: 'change CODE [ATTRIBUTES] [--from DAY]',
    words: [1, 1],
    flags: [...changeable, 'from'],
    run: changeUnit,
  },
  move: {
    usage: 'move CODE --to PARENT|--top [--from DAY]',
    words: [1, 1],
    flags: ['to', 'top', 'from'],
    run: moveUnit,
  },
  retire: {
    usage: 'retire CODE [--into SUCCESSOR] [--from DAY]',
    words: [1, 1],
    flags: ['into', 'from'],
    run: retireUnit,
  },
  import: {
    usage: 'import FILE.csv [--dry-run] [--from DAY]',
    words: [1, 1],
    flags: ['dry-run', 'from'],
    run: importUnits,
  },
  export: {
    usage: 'export [FILE.csv] [--at DAY] [--separator ";"]',
    words: [0, 1],
    flags: ['at', 'separator'],
    run: exportUnits,
  },
};

const usage = `units [${Object.keys(actions).join(' | ')}]`;
const switches = ['top', 'dry-run'];

function help(): string {
  return [
    ...Object.values(actions).map(
      (action, index) => `${index === 0 ? 'usage:' : '      '} vonggac units ${action.usage}`,
    ),
    `ATTRIBUTES: ${changeable.map((flag) => `--${flag}`).join(' ')}; an empty value takes one away`,
    'links are written id:kind:carrier:edge, kind is tslcd or internet, several are separated by "|"',
    'DAY is written 2025-07-01, in the time of Vietnam',
  ].join('\n');
}

/** `vonggac units`: the tree of units and its history. */
export const unitsCommand: Command = {
  usage,
  summary: 'units of the province, as a tree with a history',
  async run(args) {
    const names = [...new Set(Object.values(actions).flatMap(({ flags }) => flags))];
    const parsed = readArguments(args, {
      usage,
      flags: Object.fromEntries(names.map((name) => [name, switches.includes(name) ? 'boolean' : 'string'])),
    });
    const [name = 'list', ...words] = parsed.positionals;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) throw new UsageError(`there is no "units ${name}"\n${help()}`);
    const [least, most] = action.words;
    if (words.length < least || words.length > most) throw new UsageError(help());
    const foreign = names.find((flag) => parsed.flags[flag] !== undefined && !action.flags.includes(flag));
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not belong to "units ${name}"\n${help()}`);
    const database = openRegistry(parsed.config.data);
    try {
      return action.run({ ...parsed, positionals: words }, new Units(database));
    } catch (error) {
      throw error instanceof UnitRefused ? new CommandFailed(error.message, { cause: error }) : error;
    } finally {
      database.close();
    }
  },
};
