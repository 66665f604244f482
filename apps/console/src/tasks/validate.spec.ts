import { Problem } from '../api/problem.js';
import { errorsOf, validate } from './validate.js';

const schema = {
  type: 'object',
  required: ['url', 'a/b'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', format: 'uri', maxLength: 20 },
    'a/b': { type: 'string', minLength: 2 },
    count: { type: 'integer', minimum: 1, maximum: 5 },
    tags: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 2, uniqueItems: true },
    mode: { enum: ['fast', 'slow'] },
    code: { type: 'string', pattern: '^[a-z]+$' },
    when: { type: 'string', format: 'date-time' },
  },
};
const right = { url: 'https://a.example', 'a/b': 'ok' };

it('finds nothing wrong with what the schema lets through', () =>
  expect(
    validate(schema, { ...right, count: 5, tags: ['a', 'b'], mode: 'slow', code: 'a', when: '2026-01-31T12:00:00Z' }),
  ).toEqual({}));

it('says what is missing, by the name of the field', () =>
  expect(validate(schema, {})).toEqual({ url: 'This is needed.', 'a/b': 'This is needed.' }));

it.each<[string, unknown, string]>([
  ['url', 'no address', 'This is no uri.'],
  ['url', `https://${'a'.repeat(30)}`, 'At most 20 characters.'],
  ['a/b', 'x', 'At least 2 characters.'],
  ['count', 0, 'At least 1.'],
  ['count', 6, 'At most 5.'],
  ['count', 1.5, 'This must be a whole number.'],
  ['tags', ['a', 'b', 'c'], 'At most 2.'],
  ['tags', ['a', 'a'], 'None may stand here twice.'],
  ['tags', ['a', ''], 'This must not be empty.'],
  ['mode', 'other', 'Choose one of the list.'],
  ['code', 'A1', 'This has another form than is needed.'],
  ['when', 'tomorrow', 'This is no date-time.'],
])('says of %s what is wrong with %j', (name, value, message) =>
  expect(validate(schema, { ...right, [name]: value })).toEqual({ [name]: message }),
);

it('reads what the server says of fields, and nothing from other errors', () => {
  const errors = [{ pointer: '/url/0', detail: 'is private' }];
  expect(errorsOf(new Problem(422, { code: 'validation_failed', errors }))).toEqual({ url: 'is private' });
  expect(errorsOf(new Problem(409, {}))).toEqual({});
  expect(errorsOf(new Error('other'))).toEqual({});
});
