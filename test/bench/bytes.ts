/** Bytes that reach a client in frames ÷ what one JSON message per event would cost. */
import { recordCity } from './recording.ts';
import type { Row } from './table.ts';

export const BUSY_EVENTS_PER_SECOND = 10_000;
export const BUSY_SECONDS = 20;

export async function benchBytes(): Promise<Row[]> {
	const { wireBytes, sent, seconds, stations, messages } = await recordCity(BUSY_EVENTS_PER_SECOND, BUSY_SECONDS);
	const perSecond = (bytes: number): string => `${(bytes / seconds / 1024).toFixed(1)} KiB/s`;
	const rate = Math.round(sent.events / seconds).toLocaleString('en');
	const snapshot = ((messages[0]?.length ?? 0) / 1024).toFixed(1);
	return [
		{
			what: `bytes to a client ÷ one JSON message per event, ${rate} ev/s over ${stations} stations, ${seconds} s`,
			measured: `${perSecond(wireBytes)} ÷ ${perSecond(sent.messageBytes)}, all counted, the ${snapshot} KiB snapshot too`,
			ratio: wireBytes / sent.messageBytes,
			target: '≤ 0.1'
		}
	];
}
