/** Known names of device kinds and states; what is not known is shown as it came. */
import { m } from '#lib/paraglide/messages.js';

const KIND: Readonly<Record<string, () => string>> = {
	gateway: m.place_device_kind_gateway,
	door: m.place_device_kind_door,
	sos: m.place_device_kind_sos,
	intercom: m.place_device_kind_intercom,
	smoke: m.place_device_kind_smoke,
	leak: m.place_device_kind_leak,
	power: m.place_device_kind_power,
	temperature: m.place_device_kind_temperature,
	humidity: m.place_device_kind_humidity,
	co2: m.place_device_kind_co2,
	people: m.place_device_kind_people,
	light: m.place_device_kind_light,
	air_conditioner: m.place_device_kind_air_conditioner,
	screen: m.place_device_kind_screen,
	camera: m.place_device_kind_camera,
	locker: m.place_device_kind_locker,
	swap_cabinet: m.place_device_kind_swap_cabinet,
	aed: m.place_device_kind_aed
};

const STATE: Readonly<Record<string, () => string>> = {
	online: m.place_device_state_online,
	offline: m.place_device_state_offline,
	fault: m.place_device_state_fault
};

export function deviceKindText(kind: string): string {
	return KIND[kind]?.() ?? kind;
}

/** State with its reason, where one was given. */
export function deviceStateText(state: string, reason: string | null): string {
	const name = STATE[state]?.() ?? state;
	return reason ? m.place_with_reason({ state: name, reason }) : name;
}
