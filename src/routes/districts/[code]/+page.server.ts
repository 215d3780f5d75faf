import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) => {
	if (locals.services && locals.services.areaLevel(params.code) !== 'district') {
		error(404, {
			message: m.place_unknown_district({ code: params.code }),
			advice: m.place_unknown_area_advice()
		});
	}
	return { code: params.code };
};
