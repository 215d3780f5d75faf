/**
 * Sample people of the demo city: one for each role, made up, without a password. They exist and sign in there only; anywhere else
 * these doors say that there is nothing here, whoever stands in the table [PP].
 */
import { formatScope } from '#domain/scope.ts';
import type { Role, ServiceLine } from '#domain/role.ts';
import { everyone } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import { inGrantTurn, insertGrant, listGrants, placeNames } from '#server/store/grant-store.ts';
import { insertPerson, personByName, samplePeople } from '#server/store/people-store.ts';
import type { Database } from '#server/store/query.ts';
import { loadAreas, loadSites } from '#server/store/registry-store.ts';
import { localPath, readForm } from './body.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import { DEMO } from './rows.ts';
import type { SampleList, SignedIn } from './shapes.ts';
import { door, enterAs, type Visit } from './visit.ts';

interface Sample {
	readonly userName: string;
	readonly displayName: string;
	readonly role: Role;
	readonly at: 'city' | 'district' | 'street' | 'station';
	readonly lines?: readonly ServiceLine[];
}

/** In the order in which the page offers them. */
const SAMPLES: readonly Sample[] = [
	{ userName: 'sample.leader', displayName: '周文澜', role: 'leader', at: 'city' },
	{ userName: 'sample.head', displayName: '顾明远', role: 'department_head', at: 'city' },
	{ userName: 'sample.chief', displayName: '陆建平', role: 'duty_chief', at: 'city' },
	{ userName: 'sample.duty', displayName: '沈佳宁', role: 'duty_officer', at: 'city' },
	// The registry of the whole city is somebody's too: the district administrator's role, with the city as its scope.
	{ userName: 'sample.registry', displayName: '朱敏', role: 'district_admin', at: 'city' },
	{ userName: 'sample.district', displayName: '钱晓芸', role: 'district_admin', at: 'district' },
	{ userName: 'sample.street', displayName: '华志强', role: 'street_admin', at: 'street' },
	{ userName: 'sample.keeper', displayName: '薛桂芳', role: 'keeper', at: 'station' },
	{ userName: 'sample.law', displayName: '蒋思源', role: 'legal_officer', at: 'city', lines: ['law'] },
	{ userName: 'sample.system', displayName: '吴海涛', role: 'system_admin', at: 'city' },
	{ userName: 'sample.security', displayName: '过静怡', role: 'security_admin', at: 'city' },
	{ userName: 'sample.auditor', displayName: '尤承志', role: 'auditor', at: 'city' }
];
/** 惠山区, where the demo's named stations are; another registry's first district does as well. */
const DISTRICT = '惠山区';

/** Makes who is missing; safe to call at every start and from several processes. */
export async function makeSamplePeople(db: Database, now: number): Promise<void> {
	const scopes = await sampleScopes(db);
	await inGrantTurn(db, async (tx) => {
		for (const { userName, displayName, role, at, lines = null } of SAMPLES) {
			const scope = scopes[at];
			if (scope === null) continue;
			const names = { userName, displayName, externalName: null, expiresAt: null };
			const id = await insertPerson(tx, { ...names, createdBy: DEMO, at: now, isSample: true });
			if (id === null) continue;
			const grant = { personId: id, role, scope, lines, reason: null, proposedBy: DEMO, at: now, expiresAt: null };
			await insertGrant(tx, { ...grant, isActive: true });
		}
	});
}

/** A district, a street of it and a station of that street; null = the registry has none. */
async function sampleScopes(db: Database): Promise<Record<Sample['at'], string | null>> {
	const areas = await loadAreas(db);
	const sites = (await loadSites(db)).filter((site) => site.kind === 'service_station' && site.lifecycle === 'open');
	const districts = areas.filter(({ level }) => level === 'district');
	const district = districts.find(({ name }) => name === DISTRICT) ?? districts[0];
	const station = sites.find((site) => site.district === district?.code && site.street !== null);
	return {
		city: 'city',
		district: district ? formatScope({ level: 'district', code: district.code }) : null,
		street: station?.street ? formatScope({ level: 'street', code: station.street }) : null,
		station: station ? formatScope({ level: 'station', code: station.code }) : null
	};
}

export function sampleRoutes(office: Office): Routes {
	const rule = everyone('the demo city offers made-up people to sign in as, and no other city does');
	return new Map([
		['GET /api/session/sample', door(rule, () => list(office))],
		['POST /api/session/sample', door(rule, (visit) => signInAs(office, visit))]
	]);
}

async function list({ db, isDemoCity }: Office): Promise<SampleList> {
	if (!isDemoCity) throw new AccountProblem('not_here');
	const people = (await samplePeople(db)).filter(({ state }) => state === 'active');
	const grants = (
		await listGrants(
			db,
			people.map(({ id }) => id)
		)
	).filter(({ state }) => state === 'active');
	const names = await placeNames(
		db,
		grants.map(({ scope }) => scope)
	);
	const order = new Map(SAMPLES.map(({ userName }, index) => [userName, index]));
	const rows = people.map(({ id, userName, displayName }) => {
		const own = grants.filter(({ personId }) => personId === id);
		const scope = own[0]?.scope ?? 'city';
		return { userName, displayName, roles: own.map(({ role }) => role), scope, scopeName: names.get(scope) ?? null };
	});
	rows.sort((a, b) => (order.get(a.userName) ?? rows.length) - (order.get(b.userName) ?? rows.length));
	return { people: rows };
}

async function signInAs(office: Office, visit: Visit): Promise<SignedIn> {
	if (!office.isDemoCity) throw new AccountProblem('not_here');
	const form = await readForm(visit.request);
	const userName = form.text('userName');
	form.check();
	const person = await personByName(office.db, userName);
	if (!person?.isSample || person.state !== 'active') throw new AccountProblem('unknown_person');
	return enterAs(office, visit, person, {
		method: 'sample',
		hasSecondFactor: true,
		next: localPath(form.value('next'))
	});
}
