/** `GET /metrics`: the counters of every part, in Prometheus text. Values are read when asked for, not kept twice. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Hub } from '#server/hub/hub.ts';
import type { EventDoor } from '#server/ingest/event-door.ts';
import { refusalCounts } from './quality.ts';
import type { LiveServer } from '#server/push/live-server.ts';

export interface MetricSources {
	readonly hub: Hub;
	readonly door: EventDoor;
	readonly live: LiveServer;
}

export function openMetrics({ hub, door, live }: MetricSources): Registry {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const counter = (name: string, help: string, read: () => number): void => {
		new Counter({
			name: `yizhan_${name}`,
			help,
			registers: [registry],
			collect() {
				this.reset();
				this.inc(read());
			}
		});
	};
	const gauge = (name: string, help: string, read: () => number): void => {
		new Gauge({
			name: `yizhan_${name}`,
			help,
			registers: [registry],
			collect() {
				this.set(read());
			}
		});
	};
	const sum = (read: (pipeline: Hub['pipelines'][number]) => number) => () =>
		hub.pipelines.reduce((total, pipeline) => total + read(pipeline), 0);

	counter(
		'events_taken_total',
		'Events folded into live state',
		sum(({ shard }) => shard.taken)
	);
	counter(
		'events_duplicate_total',
		'Events that were taken before',
		sum(({ shard }) => shard.duplicates)
	);
	counter(
		'events_test_total',
		'Events of quality test',
		sum(({ shard }) => shard.tests)
	);
	counter('http_events_accepted_total', 'Events accepted by POST /api/events', () => door.metrics.accepted);
	counter('http_events_rejected_total', 'Events rejected by POST /api/events', () => door.metrics.rejected);
	counter(
		'http_unauthorised_total',
		'Requests to POST /api/events without a valid key',
		() => door.metrics.unauthorised
	);
	counter(
		'http_limited_total',
		'Requests to POST /api/events beyond the limit of a source',
		() => door.metrics.limited
	);
	counter(
		'fold_seconds_total',
		'Time spent parsing and folding',
		sum(({ metrics }) => metrics.foldSeconds)
	);
	counter(
		'commits_total',
		'Commits',
		sum(({ committer }) => committer.metrics.commits)
	);
	counter(
		'commit_seconds_total',
		'Time spent committing',
		sum(({ committer }) => committer.metrics.seconds)
	);
	counter(
		'commit_failures_total',
		'Commits that had to be tried again',
		sum(({ committer }) => committer.metrics.failures)
	);
	counter(
		'stream_gaps_total',
		'Times a stream had lost entries before they were read',
		sum(({ metrics }) => metrics.gaps)
	);
	counter('frames_made_total', 'Frames encoded', () => hub.board.metrics.frames);
	counter('frame_bytes_made_total', 'Bytes of frames encoded', () => hub.board.metrics.bytes);
	counter('frame_seconds_total', 'Time spent finding changes and encoding', () => hub.board.metrics.seconds);
	counter('frames_sent_total', 'Frames sent to clients', () => live.metrics.frames);
	counter('frame_bytes_sent_total', 'Bytes of frames sent to clients', () => live.metrics.bytes);
	counter('frames_skipped_total', 'Frames that a slow client was spared', () => live.metrics.skipped);
	counter('joins_refused_total', 'Joins that were refused', () => live.metrics.refused);
	gauge('clients', 'Connected sockets', () => live.clients);
	gauge('sites', 'Sites in the registry', () => hub.state.slotOf.size);
	gauge(
		'lag_seconds',
		'Age of the newest entry read while more wait',
		() => Math.max(...hub.pipelines.map(({ lagMs }) => lagMs)) / 1000
	);
	gauge(
		'seen_ids',
		'Ids remembered against duplicates',
		sum(({ shard }) => shard.seen.size)
	);
	gauge(
		'shards_written',
		'Shards that this process writes',
		sum(({ role }) => Number(role === 'writer'))
	);
	new Counter({
		name: 'yizhan_events_refused_total',
		help: 'Events that were refused, by reason and door (stream or http)',
		labelNames: ['reason', 'door'],
		registers: [registry],
		collect() {
			this.reset();
			for (const { reason, door: name, count } of refusalCounts({ hub, door })) this.inc({ reason, door: name }, count);
		}
	});
	new Counter({
		name: 'yizhan_identity_fields_dropped_total',
		help: 'Fields naming a person that were dropped at POST /api/events, by source account',
		labelNames: ['source'],
		registers: [registry],
		collect() {
			this.reset();
			for (const [source, { identity }] of door.tallies.entries()) {
				for (const count of identity.values()) this.inc({ source }, count);
			}
		}
	});
	return registry;
}
