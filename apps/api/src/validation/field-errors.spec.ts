import { ArrayMaxSize, ArrayUnique, IsArray, IsString, MaxLength, validateSync } from 'class-validator';
import { fieldErrors } from './field-errors.js';

class Tagged {
  @IsArray()
  @ArrayMaxSize(2)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(5, { each: true })
  tags: unknown;
}
const errorsOf = (tags: unknown) => fieldErrors(validateSync(Object.assign(new Tagged(), { tags })));

it('complains once about what should be a list', () => {
  expect(errorsOf('one text')).toEqual([{ pointer: '/tags', detail: 'tags must be an array' }]);
  expect(errorsOf(undefined)).toEqual([{ pointer: '/tags', detail: 'is required' }]);
});

it('complains about everything else that is wrong with a list', () => {
  expect(errorsOf(['too long', 'too long'])).toHaveLength(2);
});
