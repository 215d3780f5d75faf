import { error } from '@sveltejs/kit';
import { words } from '#lib/words.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) => {
	if (locals.services && !locals.services.hasStation(params.code)) {
		const { unknownStation, unknownStationAdvice } = words.error;
		error(404, { message: unknownStation(params.code), advice: unknownStationAdvice });
	}
	return { code: params.code };
};
