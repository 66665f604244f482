import { Injectable, type PipeTransform } from '@nestjs/common';
import { noSuchGroup } from './failed-problems.js';

/** Whatever is no fingerprint names no group. @throws Problem `not_found`. */
@Injectable()
export class FingerprintPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const fingerprint = value.toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(fingerprint)) throw noSuchGroup();
    return fingerprint;
  }
}
