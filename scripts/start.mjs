// `npm start`: whatever is missing is installed and built, then the server runs until it is told to stop.
import { node24, runCommand, runVisibly } from './run.mjs';
import { ensureBuild, ensurePackages, ensureServerPrograms } from './setup.mjs';

await runCommand(async () => {
	await ensurePackages();
	await ensureServerPrograms();
	await ensureBuild();
	return runVisibly(node24, ['server/main.ts']);
});
