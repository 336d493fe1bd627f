/** Writes the generated pages; `npm run generate`. A test fails when a page is stale. */
import { writeFileSync } from 'node:fs';
import { measurementsPage } from './measurements-page.ts';

writeFileSync(new URL('measurements.md', import.meta.url), measurementsPage());
