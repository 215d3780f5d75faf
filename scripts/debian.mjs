// Programs that come as Debian packages: installed where this user may, otherwise asked for in one sentence.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isOnPath, runQuietly, say, SetupError } from './run.mjs';

/**
 * A Debian package, how to see that what it brings is there, and a way to do without it.
 * @typedef {{ debian: string, isThere: () => boolean, instead?: string }} DebianPackage
 */

/** @type {DebianPackage} */
export const redisServer = {
	debian: 'redis-server',
	isThere: () => isOnPath('redis-server'),
	instead: ', or set REDIS_URL to a Redis that runs already'
};

/**
 * Installs Debian packages that are missing, where this user may.
 * @param {DebianPackage[]} wanted
 */
export async function ensureDebianPackages(wanted) {
	const missing = wanted.filter((one) => !one.isThere());
	if (missing.length === 0) return;
	const names = missing.map((one) => one.debian);
	const isRoot = process.getuid?.() === 0;
	const mayInstall = isOnPath('apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0);
	if (!mayInstall) {
		const instead = missing.map((one) => one.instead ?? '').join('');
		const packages = `Debian package${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
		throw new SetupError(
			`Missing: the ${packages}; install with \`sudo apt-get install ${names.join(' ')}\` and run this again${instead}.`
		);
	}
	const command = isRoot ? ['sh'] : ['sudo', '-n', 'sh'];
	const args = [...command.slice(1), '-c', APT_INSTALL, 'apt-install', ...names];
	await runQuietly(`installing ${names.join(', ')} with apt-get`, command[0] ?? 'sh', args);
	const still = missing.filter((one) => !one.isThere()).map((one) => one.debian);
	if (still.length > 0)
		throw new SetupError(`apt-get installed ${still.join(', ')}, but what it should bring is not there.`);
	const services = ['redis-server', 'postgresql', 'nginx'];
	if (existsSync('/run/systemd/system') && names.some((name) => services.includes(name))) {
		say('  note: the package brings a system service of its own, which is not used here and starts at the next boot');
	}
}

// `policy-rc.d` is Debian's way to say that an installation starts no service: we want the programs, not a Redis
// or a PostgreSQL listening beside ours. The package lists are fetched only when they are missing or out of date.
const APT_INSTALL = `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	trap 'exit 1' INT TERM
	printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; }
`;
