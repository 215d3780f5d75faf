// `npm run dev`: one process in which Vite serves the pages (hot reload) and socket and stream are live.
import { node24, runCommand, runVisibly } from './run.mjs';
import { ensurePackages, ensureServerPrograms } from './setup.mjs';

await runCommand(async () => {
	await ensurePackages();
	await ensureServerPrograms();
	return runVisibly(node24, ['server/main.ts'], { ...process.env, YIZHAN_DEV: '1' });
});
