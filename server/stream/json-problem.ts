/**
 * What is wrong with a text that is no JSON, without a character of it: the engine quotes the text around the break, which
 * may be somebody's name, and sentences of refusals are kept, logged and shown [PR3].
 */
export function jsonProblem(error: unknown): string {
	const { message } = error as Error;
	const position = /at position (\d+)/.exec(message)?.[1];
	if (position !== undefined) return `it breaks at character ${Number(position) + 1}`;
	return /end of JSON input/.test(message) ? 'it ends too early' : 'a word or sign stands where none may';
}
