import { Module } from '@nestjs/common';
import { BreakersModule } from './breaker-board.js';
import { OutboundHttp } from './outbound-http.js';

/** Provides {@link OutboundHttp}. */
@Module({ imports: [BreakersModule], providers: [OutboundHttp], exports: [OutboundHttp] })
export class HttpModule {}
