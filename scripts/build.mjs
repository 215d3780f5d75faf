// `npm run build`: the pages, built when their sources have changed.
import { runCommand, say } from './run.mjs';
import { ensureBuild, ensurePackages } from './setup.mjs';

await runCommand(async () => {
	await ensurePackages();
	await ensureBuild();
	say('build/ is up to date');
	return 0;
});
