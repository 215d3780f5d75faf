import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import type { PageServerLoad } from './$types';

/** What is shown in place of a page that is not for who asks: an error of a page stands in the frame of all pages. */
export const load: PageServerLoad = ({ url }) => {
	const isElsewhere = url.searchParams.get('why') === 'out_of_scope';
	error(403, {
		message: isElsewhere ? m.shell_error_out_of_scope() : m.shell_error_no_right(),
		advice: m.shell_error_no_right_advice()
	});
};
