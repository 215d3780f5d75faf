/**
 * One Socket.IO `frame` message, framed for the WebSocket once and written to every client as the same bytes. A client
 * with the stock parser sees an ordinary binary event: the text packet that announces it, then the attachment.
 * Engine.IO itself takes ready-made WebSocket frames this way for text broadcasts (option `wsPreEncodedFrame`).
 */
import * as ws from 'ws';

/** Engine.IO "message" (4), Socket.IO "binary event" (5) with one attachment. */
export const FRAME_PACKET = '451-["frame",{"_placeholder":true,"num":0}]';

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

/** Both WebSocket frames of one message, in one buffer. */
export function encodeForWire(message: Buffer): Buffer {
	return Buffer.concat([ANNOUNCEMENT, ...webSocketFrame(message, OPCODE_BINARY)]);
}
