/** What the pages ask of who looks: where their pages begin, and whether a link would lead somewhere for them. */
import { decide } from '#domain/permission.ts';
import type { ObjectName, Right } from '#domain/role.ts';
import { formatScope, NOWHERE, parseScope, type Places, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { SiteBrief } from '#domain/view.ts';
import type { Session } from './session.ts';

/** Pages of the whole are of this scope for them: the city, or the part of it that is theirs. */
export const homeOf = (session: Session): Scope => parseScope(session?.home ?? 'city') ?? { level: 'city' };

export const homeName = (session: Session): string => formatScope(homeOf(session));

/** What a page knows of the registry, to compare scopes by. */
export function placesOf(areas: readonly Area[], sites: readonly SiteBrief[]): Places {
	const streets = new Map(areas.filter(({ level }) => level === 'street').map((area) => [area.code, area.parentCode]));
	const bySite = new Map(sites.map((site) => [site.code, site]));
	return {
		districtOfStreet: (code) => streets.get(code) ?? null,
		site: (code) => bySite.get(code) ?? null
	};
}

/** Whether the page of a place opens for them. The server decides again. */
export function maySee(session: Session, scope: Scope, places: Places): boolean {
	return decide(session?.grants ?? [], { object: 'figures', right: 'read', scope }, places).isAllowed;
}

/** Whether they may do this anywhere at all. */
export function mayAnywhere(session: Session, object: ObjectName, right: Right): boolean {
	return decide(session?.grants ?? [], { object, right, scope: null }, NOWHERE).isAllowed;
}
