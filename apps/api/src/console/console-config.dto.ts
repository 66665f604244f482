import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const issuers = ['local', 'oidc'] as const;

/** How the console signs in at an OpenID Connect provider: authorization code with PKCE, as a public client. */
export class ConsoleOidcDto {
  @ApiProperty({ description: 'Issuer; its discovery document tells the rest.' })
  authority: string;
  client_id: string;
  scope: string;
}

/** What the console has to know before anybody is signed in. */
export class ConsoleConfigDto {
  @ApiProperty({ enum: issuers, description: '`local`: by user name and password, at `/console/session`.' })
  issuer: (typeof issuers)[number];
  @ApiPropertyOptional({ type: ConsoleOidcDto, description: 'There when OIDC_CONSOLE_CLIENT_ID is set.' })
  oidc?: ConsoleOidcDto;
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'https://traces.example.org/trace/{trace_id}',
    description: 'TRACE_URL_TEMPLATE; null when there is none.',
  })
  trace_url_template: string | null;
  @ApiProperty({ description: 'Whether there is a queue board at `/admin/queues`.' })
  queue_board: boolean;
  @ApiProperty({ description: 'Whether owners may cancel their own tasks (CANCEL_POLICY); admins may cancel any.' })
  owners_may_cancel: boolean;
}
