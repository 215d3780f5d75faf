/** A command that sends one sign of life with a key: ready for the terminal of whoever connects the source. Pure. */
export function curlLine(origin: string, key: string, station: string | null): string {
	const headers = { specversion: '1.0', id: 'hello-$(date +%s)', source: 'my-platform', type: 'station.heartbeat' };
	const all = { ...headers, subject: station ?? 'CODE', time: '$(date -u +%FT%TZ)' };
	const given = Object.entries(all).map(([name, value]) => `-H "ce-${name}: ${value}"`);
	return `curl -X POST ${origin}/api/events -H "Authorization: Bearer ${key}" ${given.join(' ')} -d '{}'`;
}
