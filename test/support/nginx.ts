/** nginx as docs/nginx.conf has it, on loopback ports and in a temporary folder, with a certificate made for it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { tempDir } from './temp-dir.ts';

export interface Nginx {
	/** name that the certificate is for; nothing resolves it: connect to 127.0.0.1 */
	readonly name: string;
	readonly tlsPort: number;
	readonly plainPort: number;
	/** PEM, to be trusted by clients of the test */
	readonly certificate: string;
	stop(): Promise<void>;
}

const SAMPLE = fileURLToPath(new URL('../../docs/nginx.conf', import.meta.url));
/** Debian keeps programs of administrators out of a user's PATH. */
const NGINX = '/usr/sbin/nginx';
const NAME = 'ops.example.org';
const READY_LIMIT_MS = 10_000;

/** Starts it before the server behind it runs: `upstreamPort` is where that will listen. */
export async function startNginx(upstreamPort: number): Promise<Nginx> {
	const dir = tempDir('nginx');
	const [plainPort, tlsPort] = [await freePort(), await freePort()];
	const [key, certificate] = makeCertificate(dir.path);
	writeFileSync(join(dir.path, 'yizhan.conf'), sampleFor({ upstreamPort, plainPort, tlsPort, key, certificate }));
	writeFileSync(join(dir.path, 'nginx.conf'), mainFile(dir.path));
	const args = ['-p', dir.path, '-c', 'nginx.conf', '-e', 'error.log'];
	const child = spawn(NGINX, args, { stdio: 'ignore' });
	const ended = once(child, 'exit');
	const log = () => readFileSync(join(dir.path, 'error.log'), 'utf8');
	async function stop(): Promise<void> {
		if (child.exitCode === null && child.signalCode === null) {
			child.kill('SIGTERM');
			await ended;
		}
		dir.remove();
	}
	const giveUpAt = performance.now() + READY_LIMIT_MS;
	while (!(await isListening(tlsPort))) {
		if (child.exitCode !== null || performance.now() > giveUpAt) {
			const text = log();
			await stop();
			throw new Error(`nginx does not run: ${text}`);
		}
		await delay(20);
	}
	return { name: NAME, tlsPort, plainPort, certificate: readFileSync(certificate, 'utf8'), stop };
}

interface Places {
	readonly upstreamPort: number;
	readonly plainPort: number;
	readonly tlsPort: number;
	readonly key: string;
	readonly certificate: string;
}

/** The sample with other places. Each must be in it, or the test would run something else than what is documented. */
function sampleFor({ upstreamPort, plainPort, tlsPort, key, certificate }: Places): string {
	const replacements: [RegExp, string][] = [
		[/server 127\.0\.0\.1:3000;/, `server 127.0.0.1:${upstreamPort};`],
		[/listen 80;/, `listen 127.0.0.1:${plainPort};`],
		[/\tlisten \[::\]:80;\n/, ''],
		[/listen 443 /g, `listen 127.0.0.1:${tlsPort} `],
		[/\tlisten \[::\]:443 .*\n/g, ''],
		[/https:\/\/ops\.example\.org\$request_uri/, `https://${NAME}:${tlsPort}$request_uri`],
		[/\/etc\/ssl\/yizhan\/fullchain\.pem/, certificate],
		[/\/etc\/ssl\/yizhan\/key\.pem/, key]
	];
	return replacements.reduce(
		(text, [what, instead]) => {
			if (text.search(what) < 0) throw new Error(`docs/nginx.conf has no ${what}.`);
			return text.replace(what, instead);
		},
		readFileSync(SAMPLE, 'utf8')
	);
}

/** What Debian's own nginx.conf gives, without its folders. */
function mainFile(folder: string): string {
	const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
	const temporary = kinds.map((kind) => {
		mkdirSync(join(folder, kind));
		return `${kind}_temp_path ${join(folder, kind)};`;
	});
	return [
		'daemon off;',
		// As root nginx gives its workers to another user, who may not read this folder.
		process.getuid?.() === 0 ? 'user root;' : '',
		`pid ${join(folder, 'nginx.pid')};`,
		'error_log error.log warn;',
		'worker_processes 1;',
		'events { worker_connections 256; }',
		`http { include /etc/nginx/mime.types; access_log off; ${temporary.join(' ')} include yizhan.conf; }`
	].join('\n');
}

function makeCertificate(folder: string): [key: string, certificate: string] {
	const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
	const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-days', '2'];
	const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
	execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
	return [key, certificate];
}

async function isListening(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
		throw error;
	} finally {
		socket.destroy();
	}
}
