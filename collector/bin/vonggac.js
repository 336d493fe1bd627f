#!/usr/bin/env node
/**
 * Starts `vonggac`. Run from source, Node would strip the types anew at every start, in every thread; with a compile
 * cache it does so once, which halves the start and saves 30 MB. This file is JavaScript, because stripping itself is
 * what has to be avoided. The cache lies beside the program, not in the shared temporary folder, where another user
 * could put code of his own.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../.cache/compile');
enableCompileCache(folder);
// Threads enable it by this variable.
process.env.NODE_COMPILE_CACHE = folder;
await import('../src/main.ts');
