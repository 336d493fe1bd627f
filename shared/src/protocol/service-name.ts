/** Names of services of an operating system to watch, as people write them in the settings. */
import * as z from 'zod/mini';

/** Units of systemd and services of Windows; nothing that could lead out of a folder. */
const serviceName = /^[A-Za-z0-9][A-Za-z0-9:_.@\\-]{0,127}$/;
const maxServices = 32;

export function isServiceName(name: string): boolean {
  return serviceName.test(name) && !name.includes('..');
}

export const ServiceNames = z
  .array(z.string().check(z.refine(isServiceName, 'expected the name of a service')))
  .check(z.maxLength(maxServices, `expected ${maxServices} services at most`));
