import type { Operation, Parameter, Schema } from './api-description.js';
import { badTexts, badValuesFor } from './bad-values.js';
import type { GoodValues } from './good-values.js';

/** What is known of a request before it is sent. */
export interface RequestPlan {
  /** What is odd about it. */
  readonly what: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The body as JSON and its schema, when the schema should decide. */
  readonly judged?: { readonly schema: Schema; readonly value: unknown };
}
type Json = Record<string, unknown>;

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

/** Every request that one operation is tried with. */
export class RequestPlans {
  constructor(
    private readonly operation: Operation,
    private readonly good: GoodValues,
    /** Ids to fill into the path. */
    private readonly ids: readonly string[],
    /** ETags of content, by its id. */
    private readonly etags: ReadonlyMap<string, string>,
  ) {}

  *all(): Generator<RequestPlan> {
    for (const id of this.ids) yield this.plan('as described', { path: this.path(id), headers: this.conditions(id) });
    yield* this.paths();
    yield* this.numbers();
    yield* this.queries();
    yield* this.headers();
    const bodies = Object.entries(this.operation.bodies);
    if (bodies.length === 0) yield* this.bodiesNobodyAskedFor();
    for (const [type, schema] of bodies) {
      for (const alternative of this.alternatives(schema)) yield* this.bodies(type, schema, alternative);
      yield* this.brokenBodies(type);
    }
  }

  private *paths(): Generator<RequestPlan> {
    if (!this.operation.path.includes('{')) return;
    for (const text of badTexts) {
      yield this.plan(`path ${show(text)}`, { path: this.path(encode(text)) });
      if (/^[!-~]+$/.test(text))
        yield this.plan(`raw path ${show(text)}`, { path: this.path(text.replace(/[#?]/g, '')) });
    }
  }

  /** Of versions: what stands behind the id. */
  private *numbers(): Generator<RequestPlan> {
    const behind = (this.operation.path.match(/\{\w+\}/g) ?? []).slice(1);
    for (const name of behind) {
      for (const text of badTexts) {
        yield this.plan(`number ${name} ${show(text)}`, { path: this.path(this.ids[0], { [name]: encode(text) }) });
      }
    }
  }

  private *queries(): Generator<RequestPlan> {
    const query = (what: string, text: string) => this.plan(`query ${what}`, { query: text });
    for (const { name, schema } of this.parameters('query')) {
      const value = encode(String(this.good.of(schema)));
      yield query(`${name} good`, `${name}=${value}`);
      yield query(`${name} twice`, `${name}=${value}&${name}=${value}`);
      yield query(`${name}[]`, `${name}[]=${value}`);
      yield query(`${name}[a][b]`, `${name}[a][b]=${value}`);
      for (const text of badTexts) yield query(`${name} ${show(text)}`, `${name}=${encode(text)}`);
      yield query(`${name} raw percent`, `${name}=%`);
      yield query(`${name} no UTF-8`, `${name}=%ff%fe`);
    }
    for (const text of ['unknown=1', '__proto__=1', 'constructor[prototype]=1', '&&==&', '%00=1', '='.repeat(500)]) {
      yield query(show(text), text);
    }
  }

  private *headers(): Generator<RequestPlan> {
    const texts = badTexts.filter((text) => /^[\x20-\x7e]*$/.test(text));
    for (const { name } of this.parameters('header')) {
      for (const text of [...texts, 'wait=0', 'wait=1', 'respond-async', '"7"', '*', '"key"', '5', '\xe9']) {
        yield this.plan(`header ${name} ${show(text)}`, { headers: { [name]: text } });
      }
    }
  }

  /** `schema` is that of the whole body; `alternative` is one of its choices. */
  private *bodies(type: string, schema: Schema, alternative: Schema): Generator<RequestPlan> {
    const json = (what: string, value: unknown) => this.plan(`body ${what}`, this.encoded(type, value, schema));
    for (let sample = 0; sample < 10; sample += 1) yield json('good', this.good.of(alternative));
    for (const { name, value } of badValuesFor(alternative)) yield json(name, value);
    if (alternative.items !== undefined) yield* this.arrays(json, alternative.items);
    for (const [name, property] of Object.entries(alternative.properties ?? {})) {
      const base = () => this.good.of(alternative) as Json;
      const { [name]: _left, ...without } = base();
      yield json(`without ${name}`, without);
      for (const bad of badValuesFor(this.good.resolve(property))) {
        yield json(`${name}: ${bad.name}`, { ...base(), [name]: bad.value });
      }
    }
    if (alternative.properties === undefined) return;
    for (const extra of ['extra', '__proto__', 'constructor', 'owner_id', 'status', 'a\0b', 'x'.repeat(300)]) {
      const fields = Object.entries(this.good.of(alternative) as Json).map((entry) =>
        entry.map((part) => JSON.stringify(part)).join(':'),
      );
      const text = `{${[...fields, `${JSON.stringify(extra)}:1`].join(',')}}`;
      yield json(`extra ${show(extra)}`, JSON.parse(text));
    }
  }

  /** If-Match for whatever asks for it. */
  private conditions(id: string): Record<string, string> {
    const etag = this.etags.get(id);
    const asked = this.parameters('header').some(({ name }) => name === 'If-Match');
    return asked && etag !== undefined ? { 'if-match': etag } : {};
  }

  private *arrays(json: (what: string, value: unknown) => RequestPlan, items: Schema): Generator<RequestPlan> {
    const [alternative = items] = this.alternatives(items);
    const item = () => this.good.of(alternative);
    yield json(
      '1,001 items',
      Array.from({ length: 1_001 }, () => 1),
    );
    yield json(
      '1,000 items that fit nothing',
      Array.from({ length: 1_000 }, () => null),
    );
    for (const { name, value } of badValuesFor(alternative)) yield json(`items with ${name}`, [item(), value, item()]);
  }

  private *brokenBodies(type: string): Generator<RequestPlan> {
    const broken = (what: string, body: string | Buffer | undefined, contentType: string | undefined = type) =>
      this.plan(`body ${what}`, { body, ...(contentType !== '' && { headers: { 'content-type': contentType } }) });
    yield broken('missing', undefined);
    yield broken('empty', '');
    yield broken('cut', '{"task_type":');
    yield broken('no JSON', '{a:1}');
    yield broken('NaN', '{"priority":NaN}');
    yield broken('infinite number', '{"task_type":"simulation","priority":1e400}');
    yield broken('no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    yield broken('of 1 MiB', JSON.stringify({ task_type: 'simulation', metadata: { a: 'x'.repeat(1_048_500) } }));
    yield broken('too large', 'x'.repeat(1_100_000));
    for (const other of [
      '',
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
      ';',
      'application/json, text/plain',
    ]) {
      yield broken(`as ${other || 'nothing'}`, '{}', other);
    }
  }

  private *bodiesNobodyAskedFor(): Generator<RequestPlan> {
    for (const [body, type] of [
      ['{}', jsonType],
      ['{', jsonType],
      ['x', 'text/plain'],
      ['a=1', formType],
      ['x'.repeat(1_100_000), jsonType],
    ]) {
      yield this.plan(`unasked ${type} body`, { body, headers: { 'content-type': type } });
    }
  }

  private alternatives(schema: Schema): Schema[] {
    const resolved = this.good.resolve(schema);
    const choices = resolved.oneOf ?? resolved.anyOf?.slice(0, 1);
    return choices === undefined ? [resolved] : choices.flatMap((choice) => this.alternatives(choice));
  }

  private encoded(type: string, value: unknown, schema: Schema): Partial<RequestPlan> {
    if (type !== formType) {
      return {
        body: JSON.stringify(value),
        headers: { 'content-type': type },
        judged: { schema, value: viaJson(value) },
      };
    }
    const fields = Object.entries(typeof value === 'object' && value !== null ? value : { value });
    const form = new URLSearchParams(
      fields.map(([name, field]): [string, string] => [
        name,
        typeof field === 'string' ? field : JSON.stringify(field),
      ]),
    );
    return { body: form.toString(), headers: { 'content-type': type } };
  }

  private plan(what: string, parts: Partial<RequestPlan> & { path?: string; query?: string }): RequestPlan {
    const { path = this.path(this.ids[0]), query, headers = {}, body, judged } = parts;
    const given = body ?? (what.startsWith('body') ? undefined : this.goodBody());
    const type: Record<string, string> = given !== undefined && body === undefined ? { 'content-type': jsonType } : {};
    return {
      what,
      target: query === undefined ? path : `${path}?${query}`,
      headers: { ...type, ...this.conditions(this.ids[0]), ...headers },
      body: given,
      judged,
    };
  }

  private goodBody(): string | undefined {
    const schema = this.operation.bodies[jsonType];
    return schema === undefined ? undefined : JSON.stringify(this.good.of(this.alternatives(schema)[0]));
  }

  /** What stands behind the id is the number of a version. */
  private path(id: string, numbers: Readonly<Record<string, string>> = {}): string {
    return this.operation.path
      .replace(/\{\w+\}/, id)
      .replaceAll(/\{\w+\}/g, (name) => numbers[name] ?? this.good.versionNumber());
  }

  private parameters(place: Parameter['in']): readonly Parameter[] {
    return this.operation.parameters.filter((parameter) => parameter.in === place);
  }
}

const show = (text: string) => JSON.stringify(text.length > 30 ? `${text.slice(0, 12)}… (${text.length})` : text);
/** As the server will read it: JSON turns what it does not know into null. */
const viaJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Percent-encoding that takes lone surrogates too, as three bytes that are no UTF-8. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}
