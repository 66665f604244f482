import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { SiteAddress } from './site-address.js';
import type { Site } from './views/layout.js';

/** Name and addresses of the site. */
@Injectable()
export class SiteSettings implements Site {
  readonly name: string;
  readonly description: string;
  readonly address: SiteAddress;

  constructor(@Inject(CONFIG) config: Config) {
    this.name = config.SITE_NAME;
    this.description = config.SITE_DESCRIPTION;
    this.address = new SiteAddress(config);
  }
}
