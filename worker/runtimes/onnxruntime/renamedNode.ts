import { Writer } from 'protobufjs/minimal';
import { ATTRIBUTE, NODE } from '../../core/formats/onnx/schema';
import { WireMessage } from '../../core/formats/onnx/proto/wire';
import { joined, tag, WIRE } from './protoParts';

/** A node as its file has it, with another operator's name and domain, and without some of its attributes. */
export function renamedNode(node: Uint8Array, name: string, domain: string, without: readonly string[]): Uint8Array {
  const writer = Writer.create();
  writer.uint32(tag(NODE.opType, WIRE.bytes)).string(name);
  writer.uint32(tag(NODE.domain, WIRE.bytes)).string(domain);
  const message = WireMessage.ofFile(node, 'the node');
  const kept = [...message.fields()].filter((field) => {
    if (field.number === NODE.opType || field.number === NODE.domain) return false;
    if (field.number !== NODE.attribute) return true;
    const attribute = message.message(field, 'the attribute');
    return ![...attribute.fields()].some((own) => own.number === ATTRIBUTE.name && without.includes(attribute.text(own)));
  });
  return joined([writer.finish(), ...kept.map(({ offset, end }) => node.subarray(offset, end))]);
}
