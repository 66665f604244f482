import { Module } from '@nestjs/common';
import { OutboundHttp } from './outbound-http.js';

/** Provides {@link OutboundHttp}. */
@Module({ providers: [OutboundHttp], exports: [OutboundHttp] })
export class HttpModule {}
