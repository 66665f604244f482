import { ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';

/** 401 for a missing or bad token. It never says why: that would help the wrong people only. */
export const unauthorized = () =>
  new UnauthorizedException({ code: 'unauthorized', detail: 'A valid access token is needed.' });

/** 401 for a sign-in; the same whether the user is unknown or disabled, or the password is wrong. */
export const invalidCredentials = () =>
  new UnauthorizedException({ code: 'invalid_credentials', detail: 'The user name or the password is wrong.' });

/** 401 for a refresh token that is unknown, used, expired or revoked. */
export const invalidGrant = () =>
  new UnauthorizedException({
    code: 'invalid_grant',
    detail: 'The refresh token is not valid any more; sign in again.',
  });

/** 401 for a sign-in link; the same whether it is unknown, used or expired, or its user is disabled or changed. */
export const invalidLink = () =>
  new UnauthorizedException({
    code: 'invalid_grant',
    detail: 'This sign-in link was used already or has expired; ask for a new one.',
  });

/** 503: whether the token is good cannot be told now. A 401 would make clients throw away good tokens. */
export const authenticationUnavailable = () =>
  new ServiceUnavailableException({
    code: 'authentication_unavailable',
    detail: 'Tokens cannot be checked at the moment; try again.',
  });

/** A token is not accepted; the message is for the debug log only. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The keys to check a token with could not be had (provider or database unreachable). */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}
