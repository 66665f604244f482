export { BreakerBoard, BreakersModule } from './breaker-board.js';
export { Breaker, CircuitOpenError, type BreakerState } from './breaker.js';
export { HttpModule } from './http.module.js';
export { OutboundError, outboundErrorCodes, type OutboundErrorCode } from './outbound-error.js';
export { OutboundHttp, type GetOptions, type OutboundAnswer } from './outbound-http.js';
export { retryAfterOf } from './retry-after.js';
export { refuseUrl, urlPolicyOf, type UrlPolicy } from './url-policy.js';
