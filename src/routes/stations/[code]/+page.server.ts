import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) => {
	if (locals.services && !locals.services.hasStation(params.code)) {
		error(404, {
			message: m.shell_error_unknown_station({ code: params.code }),
			advice: m.shell_error_unknown_station_advice()
		});
	}
	return { code: params.code };
};
