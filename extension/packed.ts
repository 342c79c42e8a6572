import type { EventMessage, PackedMessage, ResponseMessage } from './protocol/messages';

const encoder = new TextEncoder();

/** @param message of plain JSON alone */
export function packed(message: EventMessage | ResponseMessage): PackedMessage {
  return { kind: 'packed', json: encoder.encode(JSON.stringify(message)) };
}
