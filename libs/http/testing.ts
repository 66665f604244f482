import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** Answers to the questions for one name, in turn; the last one stays. Each is a list of addresses. */
export type DnsAnswers = readonly (readonly string[])[];

/**
 * A DNS server on loopback for tests: it answers A and AAAA questions from a table, and with "no such name" for the
 * rest.
 */
export class TestDns {
  /** The names asked for, as `A name` or `AAAA name`, in order. */
  readonly questions: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly names: Readonly<Record<string, DnsAnswers>>,
  ) {}

  static async start(names: Readonly<Record<string, DnsAnswers>>): Promise<TestDns> {
    const dns = new TestDns(createSocket('udp4'), names);
    dns.socket.on('message', (query, from) => dns.socket.send(dns.answer(query), from.port, from.address));
    dns.socket.bind(0, '127.0.0.1');
    await once(dns.socket, 'listening');
    return dns;
  }

  /** For OUTBOUND_DNS_SERVERS. */
  get server(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private answer(query: Buffer): Buffer {
    const { name, type, end } = readQuestion(query);
    const question = `${type} ${name}`;
    const turn = this.questions.filter((earlier) => earlier === question).length;
    this.questions.push(question);
    const answers = this.names[name];
    const addresses = (answers?.[Math.min(turn, answers.length - 1)] ?? []).filter(
      (address) => isIPv4(address) === (type === 'A'),
    );
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(answers ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    return Buffer.concat([header, query.subarray(12, end), ...addresses.map(addressRecord)]);
  }
}

function readQuestion(query: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1) === 28 ? 'AAAA' : 'A';
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

/** A resource record that points back to the question's name and may not be cached. */
function addressRecord(address: string): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.from([0xc0, 0x0c, 0, data.length === 4 ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before, after] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const missing = 8 - before.length - (after?.length ?? 0);
  const groups = [...before, ...Array<string>(missing).fill('0'), ...(after ?? [])];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
