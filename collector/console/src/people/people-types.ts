/** People and tokens as the API shows them. */
import type * as z from 'zod';
import type { ChangedPerson, CreatedToken, PeopleAnswer, TokensAnswer } from '../../../src/http/people-schemas.ts';

export type PeopleList = z.infer<typeof PeopleAnswer>;
export type PersonView = PeopleList['items'][number];
export type PersonChanged = z.infer<typeof ChangedPerson>;
export type TokenList = z.infer<typeof TokensAnswer>;
export type TokenView = TokenList['items'][number];
export type TokenMade = z.infer<typeof CreatedToken>;
