import { type FieldDefinition, type MeasurementDefinition, measurements } from '@vonggac/shared';
import * as z from 'zod';
import { CatalogueAnswer } from '../schemas.ts';
import type { App } from './app.ts';

type MeasurementView = CatalogueAnswer['measurements'][string];

function viewField({ vi, en, type, unit }: FieldDefinition): MeasurementView['fields'][string] {
  return { vi, en, type, unit };
}

function viewMeasurement({ vi, en, cadence, tags, fields }: MeasurementDefinition): MeasurementView {
  const fieldViews = Object.entries(fields).map(([name, field]) => [name, viewField(field)] as const);
  return { vi, en, cadence, tags, fields: Object.fromEntries(fieldViews) };
}

/** What is measured, in which unit, and what it is called in both languages. */
export function addCatalogueRoutes(app: App): void {
  const answer: CatalogueAnswer = {
    measurements: Object.fromEntries(measurements.map(({ name, definition }) => [name, viewMeasurement(definition)])),
  };

  app.get(
    '/api/v1/catalogue',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'Measurements, their fields, units and meanings',
        querystring: z.strictObject({}),
        response: { 200: CatalogueAnswer },
      },
    },
    async () => answer,
  );
}
