/**
 * Shapes of who may use HQ: sessions, users, tokens.
 */
import { z } from 'zod';
import { TOKEN_DAYS_MAX } from '../access/api-tokens.ts';
import { CONSOLE_ROLES, RIGHTS } from '../access/rights.ts';

const id = z.string().min(1).max(64);
export const login = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$/, 'letters, digits and . _ @ -, 2 to 64 of them')
  .meta({ examples: ['lin'] });
const password = z.string().min(1).max(1000);
const stores = z
  .array(id)
  .min(1)
  .max(1000)
  .nullable()
  .describe('the stores that this is for; null: the whole chain');
const role = z.enum(CONSOLE_ROLES);
const right = z.enum(RIGHTS);
const expiresAtMs = z.int();

// ---- sessions ----

export const SignIn = z.object({
  login: z.string().min(1).max(64),
  password,
  code: z
    .string()
    .min(1)
    .max(20)
    .optional()
    .describe('of the authenticator app, or a recovery code; asked for by `code_needed`'),
});
export const SessionState = z
  .object({
    kind: z.enum(['owner', 'user', 'token']),
    id: z.string(),
    login: z.string().describe('login of a user, name of a token'),
    name: z.string(),
    role: role.nullable(),
    stores,
    rights: z.array(right),
    expiresAtMs: expiresAtMs.nullable(),
    passwordTemporary: z.boolean().describe('nothing is allowed until an own password is chosen'),
    secondFactor: z.boolean(),
  })
  .meta({ id: 'SessionState' });
export const OpenSessions = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string(),
        createdAtMs: z.int(),
        seenAtMs: z.int(),
        expiresAtMs,
        address: z.string(),
        agent: z.string(),
        own: z.boolean().describe('the one that asks'),
      }),
    ),
  })
  .meta({ id: 'OpenSessions' });
export const SessionParams = z.object({ sessionId: id });
export const PasswordChange = z.object({ old: password, password });
export const PasswordProof = z.object({ password });
export const FactorSecret = z
  .object({ secret: z.string().describe('base32'), url: z.string().describe('what the QR code holds') })
  .meta({ id: 'FactorSecret' });
export const FactorProof = z.object({ code: z.string().min(1).max(20) });
export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe('each good for one sign-in; shown once') })
  .meta({ id: 'RecoveryCodes' });
export const Ended = z.object({ ended: z.int() }).meta({ id: 'Ended' });

// ---- users ----

export const UserParams = z.object({ userId: id });
export const NewUser = z.object({
  login,
  name: z.string().trim().min(1).max(100),
  role,
  stores: stores.default(null),
  password: password.optional().describe('left out: HQ makes one, shown once and good for one sign-in'),
});
export const UserChange = z.object({
  name: z.string().trim().min(1).max(100),
  role,
  stores,
  disabled: z.boolean(),
});
export const UserShape = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    role,
    stores,
    passwordTemporary: z.boolean(),
    secondFactor: z.boolean(),
    disabled: z.boolean(),
    revision: z.int().describe('its ETag'),
    createdAtMs: z.int(),
    updatedAtMs: z.int(),
  })
  .meta({ id: 'User' });
export const AddedUser = z
  .object({
    user: UserShape,
    password: z.string().nullable().describe('the temporary password, shown once; null where one was given'),
  })
  .meta({ id: 'AddedUser' });
export const UserList = z
  .object({ users: z.array(UserShape), nextCursor: z.string().nullable() })
  .meta({ id: 'UserList' });
export const ListQuery = z.object({
  cursor: z.string().max(100).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

// ---- tokens ----

export const TokenParams = z.object({ tokenId: id });
export const NewToken = z.object({
  name: z.string().trim().min(1).max(100),
  rights: z.array(right).min(1).describe('what it may do; no more than its maker'),
  stores: stores.default(null),
  days: z.int().min(1).max(TOKEN_DAYS_MAX).default(90).describe('it ends after so many days'),
});
export const TokenShape = z
  .object({
    id: z.string(),
    name: z.string(),
    rights: z.array(right),
    stores,
    createdBy: z.string(),
    createdAtMs: z.int(),
    expiresAtMs,
    lastUsedAtMs: z.int().nullable(),
    revoked: z.boolean(),
  })
  .meta({ id: 'ApiToken' });
export const AddedToken = z
  .object({
    token: TokenShape,
    secret: z.string().describe('goes into `Authorization: Bearer …`; shown once'),
  })
  .meta({ id: 'AddedToken' });
export const TokenList = z
  .object({ tokens: z.array(TokenShape), nextCursor: z.string().nullable() })
  .meta({ id: 'TokenList' });
export const RightList = z
  .object({
    rights: z.array(right),
    roles: z.array(z.object({ role, rights: z.array(right) })),
  })
  .meta({ id: 'RightList' });
