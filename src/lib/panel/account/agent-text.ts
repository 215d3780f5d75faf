/** Which browser a session is in, in the words of people: “Chrome · Windows”. Pure. */
import { m } from '#lib/paraglide/messages.js';

/** The first that fits: nearly every browser names the ones before it too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
	[/MicroMessenger\//u, 'WeChat'],
	[/DingTalk/u, 'DingTalk'],
	[/Edg(?:e|A|iOS)?\//u, 'Edge'],
	[/QQBrowser\//u, 'QQ Browser'],
	[/OPR\//u, 'Opera'],
	[/Firefox\/|FxiOS\//u, 'Firefox'],
	[/Chrome\/|CriOS\//u, 'Chrome'],
	[/Safari\//u, 'Safari']
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
	[/HarmonyOS|OpenHarmony/u, 'HarmonyOS'],
	[/Android/u, 'Android'],
	[/iPhone|iPad|iPod/u, 'iOS'],
	[/Windows/u, 'Windows'],
	[/Mac OS X/u, 'macOS'],
	[/UOS|Kylin/u, 'Kylin/UOS'],
	[/Linux|X11/u, 'Linux']
];

const nameIn = (text: string, list: readonly (readonly [RegExp, string])[]): string | null =>
	list.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function agentText(userAgent: string): string {
	const names = [nameIn(userAgent, BROWSERS), nameIn(userAgent, SYSTEMS)].filter((name) => name !== null);
	return names.length > 0 ? names.join(' · ') : m.account_agent_unknown();
}
