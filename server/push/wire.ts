/**
 * One Socket.IO `frame` message, framed for the WebSocket once and written to every client as the same bytes. A client
 * with the stock parser sees an ordinary binary event: the text packet that announces it, then the attachment.
 *
 * It is written past Engine.IO's queue (npm run bench -- fanout): that queue's bookkeeping costs half as much CPU as the
 * write itself, and what waits in it is not in `bufferedAmount`, so a stalled client would look quick while its queue
 * grew. A packet of Engine.IO's own that waits there may be overtaken: harmless, because ours is one whole message, and
 * the live door sends no binary packets through Engine.IO that it could fall between.
 */
import type { Socket } from 'socket.io';
import * as ws from 'ws';

/** Engine.IO "message" (4), Socket.IO "binary event" (5) with one attachment. */
const FRAME_PACKET = '451-["frame",{"_placeholder":true,"num":0}]';

// `Sender.frame` is public in ws but missing from its types.
const { Sender } = ws as unknown as {
	Sender: { frame(data: Buffer, options: object): Buffer[] };
};

const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;

function webSocketFrame(data: Buffer, opcode: number): Buffer[] {
	return Sender.frame(data, { fin: true, rsv1: false, opcode, mask: false, readOnly: true });
}

const ANNOUNCEMENT = Buffer.concat(webSocketFrame(Buffer.from(FRAME_PACKET), OPCODE_TEXT));

/** The WebSocket under a client, as much of it as is needed here; `_sender` is missing from its types. */
export interface Line {
	readonly readyState: number;
	/** bytes that the kernel has not taken yet */
	readonly bufferedAmount: number;
	readonly _sender: { sendFrame(frames: readonly Buffer[]): void };
	terminate(): void;
}

/** It stays the same as long as the client is connected: there is no other transport to change to. */
export const lineOf = (socket: Pick<Socket, 'conn'>): Line =>
	(socket.conn.transport as unknown as { socket: Line }).socket;

/** A message as it goes onto the wire of every client. */
export type Wire = readonly Buffer[];

/** Both WebSocket frames of one message, in one buffer. */
export function encodeForWire(message: Buffer): Wire {
	return [Buffer.concat([ANNOUNCEMENT, ...webSocketFrame(message, OPCODE_BINARY)])];
}

const OPEN = 1;

/** A line that is closing takes nothing more. */
export function write(line: Line, wire: Wire): void {
	if (line.readyState === OPEN) line._sender.sendFrame(wire);
}
