/** Fields of points by the names that the catalogue gives them; one that it lacks does not compile. */
import type { FieldName, MeasurementName } from '@vonggac/shared';
import type { PointView } from '../../../src/http/schemas.ts';

/** The points of a measurement, in the order of their tags. */
export function pointsOf(points: readonly PointView[], name: MeasurementName): PointView[] {
  const tagsOf = ({ tags }: PointView) => Object.values(tags).join();
  return points.filter(({ measurement }) => measurement === name).sort((a, b) => tagsOf(a).localeCompare(tagsOf(b)));
}

export interface FieldReader<M extends MeasurementName> {
  readonly number: (field: FieldName<M>) => number | undefined;
  readonly text: (field: FieldName<M>) => string | undefined;
  readonly flag: (field: FieldName<M>) => boolean | undefined;
}

/** Reads one point of the measurement; what has another type than expected is not known. */
export function fieldsOf<M extends MeasurementName>({ fields }: PointView): FieldReader<M> {
  return {
    number(field) {
      const value = fields[field];
      return typeof value === 'number' ? value : undefined;
    },
    text(field) {
      const value = fields[field];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    flag(field) {
      const value = fields[field];
      return typeof value === 'boolean' ? value : undefined;
    },
  };
}
