/** What is looked for, in the words of the address: a view that is shared is the same view. Pure. */

export const FILTER_NAMES = ['q', 'actor', 'action', 'result', 'object', 'scope', 'from', 'to'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** empty = everything */
export type AuditFilters = Readonly<Record<FilterName, string>>;

export const NO_FILTERS: AuditFilters = {
	...{ q: '', actor: '', action: '', result: '', object: '', scope: '', from: '', to: '' }
};

export const readFilters = (query: URLSearchParams): AuditFilters => ({
	...NO_FILTERS,
	...Object.fromEntries(FILTER_NAMES.map((name) => [name, query.get(name) ?? '']))
});

/** Only what is asked; without spaces at the ends. */
export function filterQuery(filters: AuditFilters): Record<string, string> {
	const asked = FILTER_NAMES.map((name) => [name, filters[name].trim()] as const).filter(([, text]) => text !== '');
	return Object.fromEntries(asked);
}

export const isFiltered = (filters: AuditFilters): boolean => Object.keys(filterQuery(filters)).length > 0;
