import type { User } from '../session/issuer.js';
import { signInWay } from '../session/start-session.js';
import { PasswordForm } from './password-form.js';
import { SignInFrame } from './sign-in-frame.js';

/** In place of a page whose session has ended: its user finds it as it was, anybody else begins anew. */
export function SignInAgain({ user }: { readonly user: User }) {
  const way = signInWay();
  return (
    <SignInFrame ended>
      {way?.kind === 'local' && <PasswordForm issuer={way.issuer} username={user.username} />}
    </SignInFrame>
  );
}
