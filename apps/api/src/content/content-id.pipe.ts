import { Injectable, type PipeTransform } from '@nestjs/common';
import { noSuchContent } from '../problems/problem.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ids in any case name the same item; whatever is no UUID names none. @throws Problem `not_found`. */
@Injectable()
export class ContentIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const id = value.toLowerCase();
    if (!uuid.test(id)) throw noSuchContent();
    return id;
  }
}

/** Number of a version; whatever is none names none. @throws Problem `not_found`. */
@Injectable()
export class VersionNumberPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw noSuchContent();
    return Number(value);
  }
}
