import * as z from 'zod';

const defaultLimit = 100;
const maxLimit = 1_000;

/** How many items a page of a list has at most. */
export const Limit = z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit);
