// The words of the pages, compiled on Node 24; `ensureMessages` (setup.mjs) runs this when they have changed.
import { compileMessages } from './messages.mjs';

await compileMessages();
