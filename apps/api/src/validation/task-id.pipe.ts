import { Injectable, type PipeTransform } from '@nestjs/common';
import { noSuchTask } from '../problems/problem.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ids in any case name the same task; whatever is no UUID names none. @throws Problem `not_found`. */
@Injectable()
export class TaskIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return checkedTaskId(value);
  }
}

/** The same for an id that stands elsewhere. @throws Problem `not_found`. */
export function checkedTaskId(value: string): string {
  const id = value.toLowerCase();
  if (!uuid.test(id)) throw noSuchTask();
  return id;
}
