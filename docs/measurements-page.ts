/** `docs/measurements.md`, made from the catalogue. */
import { type Measurement, measurements, type NamedField, originTags } from '@vonggac/shared';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function typeOf(field: NamedField): string {
  return field.decimals === undefined ? field.type : `${field.type}, ${field.decimals} decimals`;
}

function section({ name, definition, fieldsByNumber }: Measurement): string {
  const cadence = definition.cadence === 'event' ? 'when it happens' : `\`${definition.cadence}\``;
  const tags = Object.entries(definition.tags);
  const fields = [...fieldsByNumber.values()];
  return [
    `## ${name}`,
    '',
    `${definition.en} · ${definition.vi}. Number ${definition.number}, measured ${cadence}.`,
    '',
    ...(tags.length === 0
      ? []
      : [
          '| tag | meaning | ý nghĩa |',
          '| --- | --- | --- |',
          ...tags.map(([tag, { en, vi }]) => `| \`${tag}\` | ${cell(en)} | ${cell(vi)} |`),
          '',
        ]),
    '| # | field | type | unit | meaning | ý nghĩa |',
    '| --- | --- | --- | --- | --- | --- |',
    ...fields.map(
      (field) =>
        `| ${field.number} | \`${field.name}\` | ${typeOf(field)} | ${field.unit} | ${cell(field.en)} | ${cell(field.vi)} |`,
    ),
    '',
  ].join('\n');
}

export function measurementsPage(): string {
  return [
    '# Measurements',
    '',
    '<!-- Generated from shared/src/catalogue by `npm run generate`; do not edit. -->',
    '',
    'Everything that is measured. Numbers are those of the wire and never change. The collector adds the tags',
    `${originTags.map((tag) => `\`${tag}\``).join(', ')} to every point; an agent cannot set them.`,
    '',
    'Cadences are cron expressions with seconds; they are defaults that `agents.schedules` of the collector replaces.',
    '',
    ...measurements.map(section),
  ].join('\n');
}
