/**
 * Who is at the other end of a request: address, scheme and host as the browser has them. Behind a proxy they stand in
 * `X-Forwarded-*`, which anybody can write; so these headers count only when the peer itself is in TRUSTED_PROXIES, and
 * of `X-Forwarded-For` only what trusted proxies have added [WE6].
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

export interface Client {
	/** canonical: IPv4 also where the socket says `::ffff:…`, without zone and port; `unknown` for a line that is gone */
	readonly address: string;
	/** the browser's side is encrypted: cookies may be Secure */
	readonly isHttps: boolean;
	/** as the browser wrote it, with the port where it is not the scheme's own; null = absent, or no host at all */
	readonly host: string | null;
}

export interface ProxyTrust {
	/** the peer may say for whom it asks */
	isTrusted(address: string): boolean;
	/** ORIGIN says https: the browser's side is encrypted whatever a proxy forgets to tell */
	readonly isHttpsOrigin: boolean;
}

/** What a request is read by: all of it is there in an upgrade too. */
type Asked = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } };

/** `proxies`: addresses and CIDR ranges that `proxyProblem` has nothing against; throws otherwise. */
export function proxyTrust(proxies: readonly string[], origin: string | null): ProxyTrust {
	const list = new BlockList();
	for (const proxy of proxies) addTo(list, proxy);
	return {
		isTrusted: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)),
		isHttpsOrigin: origin?.startsWith('https:') ?? false
	};
}

/** What is wrong with an entry of TRUSTED_PROXIES, as half a sentence; null = nothing. */
export function proxyProblem(proxy: string): string | null {
	const [address = '', bits, ...rest] = proxy.split('/');
	const version = isIP(address);
	if (version === 0 || address.includes('%') || rest.length > 0) return 'is no IP address';
	if (bits === undefined) return null;
	const most = version === 4 ? 32 : 128;
	const isGood = /^\d{1,3}$/.test(bits) && Number(bits) <= most;
	return isGood ? null : `is no range: use /0 to /${most} after the address`;
}

export function clientOf(request: Asked, trust: ProxyTrust): Client {
	const { headers, socket } = request;
	const peer = canonical(socket.remoteAddress ?? '') ?? 'unknown';
	if (!trust.isTrusted(peer)) return { address: peer, isHttps: trust.isHttpsOrigin, host: hostOf(headers.host) };
	const scheme = lastOf(headers['x-forwarded-proto']);
	return {
		address: clientBehind(peer, headers['x-forwarded-for'], trust),
		isHttps: scheme === undefined ? trust.isHttpsOrigin : scheme.toLowerCase() === 'https',
		host: hostOf(lastOf(headers['x-forwarded-host']) ?? headers.host)
	};
}

/**
 * From the right, where the nearest proxy writes, to the first address that is not a proxy of ours. What stands left of
 * it is what that client says of itself. A proxy that hides its client (`unknown`, a name) is the client itself.
 */
function clientBehind(peer: string, header: string | string[] | undefined, trust: ProxyTrust): string {
	let client = peer;
	for (const hop of listOf(header).reverse()) {
		const address = canonical(hop);
		if (address === null) return client;
		client = address;
		if (!trust.isTrusted(address)) return client;
	}
	return client;
}

const listOf = (header: string | string[] | undefined): string[] =>
	[header ?? []]
		.flat()
		.join(',')
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** The value the nearest proxy wrote. */
const lastOf = (header: string | string[] | undefined): string | undefined => listOf(header).at(-1);

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`, with a zone or without; null = no address. */
function canonical(text: string): string | null {
	const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
	const address = bare.replace(/%.*$/, '');
	if (isIP(address) === 0) return null;
	if (isIP(address) === 4) return address;
	// One spelling for each address: limits and the audit compare texts.
	const written = new SocketAddress({ address, family: 'ipv6' }).address;
	return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(written)?.[1] ?? written;
}

function addTo(list: BlockList, proxy: string): void {
	const problem = proxyProblem(proxy);
	if (problem !== null) throw new Error(`${proxy} ${problem}`);
	const [address = '', bits] = proxy.split('/');
	const plain = canonical(address) ?? address;
	// `::ffff:10.0.0.0/104` is 10.0.0.0/8 written otherwise.
	const isMapped = isIP(plain) !== isIP(address);
	if (bits === undefined) list.addAddress(plain, familyOf(plain));
	else if (isMapped && Number(bits) >= 96) list.addSubnet(plain, Number(bits) - 96, 'ipv4');
	else list.addSubnet(address, Number(bits), familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** A name or an address with an optional port, and nothing that would move the path of a page's own address. */
function hostOf(text: string | undefined): string | null {
	if (text === undefined || !/^([a-z\d._-]+|\[[a-f\d:.]+\])(:\d{1,5})?$/i.test(text)) return null;
	return URL.canParse(`http://${text}/`) ? text : null;
}
