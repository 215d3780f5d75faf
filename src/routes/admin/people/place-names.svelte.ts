/**
 * What areas and stations are called, to choose a scope from. Who sees figures follows their topic, whose directory names
 * all of it; who sees none (the administrators of the system) is told the areas of the map, and types a station's code.
 */
import { connection } from '#lib/live/connection.svelte.ts';
import { Topic } from '#lib/live/topic.svelte.ts';
import { ask } from '#lib/panel/account/door.ts';
import { NO_PLACES, placesOfDirectory, type NamedPlaces } from '#lib/panel/people/scope-choice.ts';

interface Named {
	readonly code: string;
	readonly name: string;
}

interface AreaAnswer {
	readonly topology: {
		readonly objects: Readonly<
			Record<'districts' | 'streets', { readonly geometries: readonly { readonly properties: Named }[] }>
		>;
	};
}

export class PlaceNames {
	#areas = $state.raw<NamedPlaces>(NO_PLACES);
	readonly #topic: Topic | null;

	/** `home`: the widest scope whose figures are seen; null = none */
	constructor(home: string | null) {
		this.#topic = home === null ? null : new Topic(connection, home);
	}

	get places(): NamedPlaces {
		const directory = this.#topic?.state?.directory;
		return directory ? placesOfDirectory(directory) : this.#areas;
	}

	/** For an `$effect`: reads while a scope is chosen; the answer stops it. */
	follow(): () => void {
		if (this.#topic) return this.#topic.follow();
		if (this.#areas === NO_PLACES) void this.#read();
		return () => undefined;
	}

	/** A question that fails leaves codes to be typed, and is asked again with the next form. */
	async #read(): Promise<void> {
		const answer = await ask<AreaAnswer>('/api/geo/areas');
		if (!answer.ok) return;
		const { objects } = answer.value.topology;
		const named = (level: 'districts' | 'streets'): Named[] =>
			objects[level].geometries.map(({ properties: { code, name } }) => ({ code, name }));
		this.#areas = {
			districts: named('districts'),
			streets: named('streets').map((street) => ({ ...street, district: null })),
			sites: null
		};
	}
}
