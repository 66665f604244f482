import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../problems/problem.js';

/** The one answer when nobody has an id. */
export function noSuchUser(): Problem {
  return new Problem('not_found', 'There is no such user.');
}

/** Whatever is no UUID names nobody. @throws Problem `not_found`. */
@Injectable()
export class UserIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const id = value.toLowerCase();
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw noSuchUser();
    return id;
  }
}
