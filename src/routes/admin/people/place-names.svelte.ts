/**
 * What areas and stations are called, to choose a scope from: within the scopes in which one may propose, also for those
 * who see no figures (the administrators of the system).
 */
import { ask } from '#lib/panel/account/door.ts';
import { NO_PLACES, placesOf, type NamedPlaces } from '#lib/panel/people/scope-choice.ts';
import type { PlaceList } from '#server/places/list.ts';

export class PlaceNames {
	#places = $state.raw<NamedPlaces>(NO_PLACES);

	get places(): NamedPlaces {
		return this.#places;
	}

	/** Reads them (anew). A question that fails leaves what was known, or codes to be typed; the next form asks again. */
	async read(): Promise<void> {
		const answer = await ask<PlaceList>('/api/places');
		if (answer.ok) this.#places = placesOf(answer.value);
	}
}
