import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import {
  type Command,
  CommandFailed,
  exitCodes,
  print,
  readArguments,
  required,
  table,
  UsageError,
} from './command.ts';

const usage = 'units [list | add CODE --name NAME [--parent CODE]]';
const codePattern = /^[A-Z0-9][A-Z0-9-]{0,31}$/;
const maxName = 200;

/** `vonggac units`: the tree of units. */
export const unitsCommand: Command = {
  usage,
  summary: 'units of the province: list, add',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { name: 'string', parent: 'string' } });
    const [action = 'list', code] = parsed.positionals;
    const database = openRegistry(parsed.config.data);
    try {
      const units = new Units(database);
      if (action === 'list') {
        const all = units.all();
        print(parsed, {
          value: { items: all.map((unit) => ({ ...unit, parent: unit.parent ?? null })), next: null },
          text:
            all.length === 0
              ? 'no units yet'
              : table(
                  ['CODE', 'PARENT', 'NAME'],
                  all.map((unit) => [unit.code, unit.parent ?? '', unit.name]),
                ),
        });
        return exitCodes.done;
      }
      if (action !== 'add' || code === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      const name = required(parsed, 'name').normalize('NFC');
      if (!codePattern.test(code)) throw new UsageError('a unit code has 1 to 32 capital letters, digits and dashes');
      if (name.length > maxName) throw new UsageError(`--name has at most ${maxName} characters`);
      const parent = typeof parsed.flags.parent === 'string' ? parsed.flags.parent : undefined;
      if (parent !== undefined && !units.get(parent))
        throw new CommandFailed(`there is no unit ${parent} to be the parent`);
      if (units.get(code)) throw new CommandFailed(`there is a unit ${code} already: see "vonggac units"`);
      units.ensure({ code, name, parent }, Date.now());
      print(parsed, { value: { code, name, parent: parent ?? null }, text: `unit ${code} added` });
      return exitCodes.done;
    } finally {
      database.close();
    }
  },
};
