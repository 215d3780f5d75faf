/** `GET /readyz`: may this process be trusted to be current? */
import type { Hub } from '#server/hub/hub.ts';

/** A node that is further behind than this should not be sent new screens. */
const LAG_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 1000;
/** A database that is being started again takes some seconds; longer is worth a look. */
const FAILING_LIMIT_MS = 15_000;

export interface ReadinessChecks {
	readonly hub: Hub;
	readonly now: () => number;
	readonly isRedisUp: () => boolean;
	readonly pingRedis: () => Promise<unknown>;
	readonly pingDatabase: () => Promise<unknown>;
}

/** Reasons why not; empty when ready. */
export async function readinessProblems(checks: ReadinessChecks): Promise<string[]> {
	const { hub } = checks;
	const [redis, database] = await Promise.all([
		checks.isRedisUp() ? answers(checks.pingRedis) : false,
		answers(checks.pingDatabase)
	]);
	const reasons: string[] = [];
	if (!redis) reasons.push('Redis does not answer.');
	if (!database) reasons.push('The database does not answer.');
	for (const { shard, isCaughtUp, lagMs, committer } of hub.pipelines) {
		const failingMs = committer.failingSince === 0 ? 0 : checks.now() - committer.failingSince;
		if (failingMs > FAILING_LIMIT_MS) {
			reasons.push(`Stream ${shard.shard} could not be committed for ${Math.round(failingMs / 1000)} s; see the log.`);
		}
		if (!isCaughtUp) reasons.push(`Stream ${shard.shard} is still being read up to now.`);
		if (lagMs > LAG_LIMIT_MS) reasons.push(`Stream ${shard.shard} is ${Math.round(lagMs / 1000)} s behind.`);
		if (shard.seen.isFull) reasons.push(`Stream ${shard.shard} has no room to remember more event ids today.`);
	}
	return reasons;
}

async function answers(ping: () => Promise<unknown>): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), ANSWER_LIMIT_MS);
	});
	try {
		return await Promise.race([ping().then(() => true), limit]);
	} catch {
		// Why it failed is in the log of whoever uses it; here the question is only whether it answers.
		return false;
	} finally {
		clearTimeout(timer);
	}
}
