import { identityV1 } from '@parley/contracts/rpc';
import {
  AccessTokens,
  ChangePassword,
  CreateGuest,
  DeleteAccount,
  GetUsers,
  ListSessions,
  Login,
  Logout,
  RefreshSession,
  Register,
  RevokeSession,
  SearchUsers,
  UpdateProfile,
  UpgradeGuest,
  VerifyToken,
} from '@parley/core-identity';
import { Controller } from '@nestjs/common';
import { deviceOf, openedToWire, pageOf, sessionToWire, userToWire } from './wire.js';

const INACTIVE: identityV1.VerifyTokenResponse = {
  active: false,
  userId: '',
  sessionId: '',
  deviceId: '',
  roles: [],
  expiresAt: 0,
};

@Controller()
@identityV1.IdentityServiceControllerMethods()
export class IdentityController implements identityV1.IdentityServiceController {
  constructor(
    private readonly registering: Register,
    private readonly loggingIn: Login,
    private readonly creatingGuest: CreateGuest,
    private readonly upgradingGuest: UpgradeGuest,
    private readonly refreshing: RefreshSession,
    private readonly loggingOut: Logout,
    private readonly verifying: VerifyToken,
    private readonly tokens: AccessTokens,
    private readonly gettingUsers: GetUsers,
    private readonly searching: SearchUsers,
    private readonly updatingProfile: UpdateProfile,
    private readonly changingPassword: ChangePassword,
    private readonly deletingAccount: DeleteAccount,
    private readonly listingSessions: ListSessions,
    private readonly revokingSession: RevokeSession,
  ) {}

  async register(request: identityV1.RegisterRequest): Promise<identityV1.RegisterResponse> {
    return openedToWire(await this.registering.execute({ ...request, device: deviceOf(request.device) }));
  }

  async login(request: identityV1.LoginRequest): Promise<identityV1.LoginResponse> {
    return openedToWire(await this.loggingIn.execute({ ...request, device: deviceOf(request.device) }));
  }

  async createGuest(request: identityV1.CreateGuestRequest): Promise<identityV1.CreateGuestResponse> {
    return openedToWire(await this.creatingGuest.execute({ ...request, device: deviceOf(request.device) }));
  }

  async upgradeGuest(request: identityV1.UpgradeGuestRequest): Promise<identityV1.UpgradeGuestResponse> {
    return openedToWire(await this.upgradingGuest.execute(request));
  }

  async refresh(request: identityV1.RefreshRequest): Promise<identityV1.RefreshResponse> {
    return openedToWire(await this.refreshing.execute(request));
  }

  async logout(request: identityV1.LogoutRequest): Promise<identityV1.LogoutResponse> {
    await this.loggingOut.execute(request);
    return {};
  }

  async verifyToken(request: identityV1.VerifyTokenRequest): Promise<identityV1.VerifyTokenResponse> {
    const claims = await this.verifying.execute(request);
    if (claims === undefined) return INACTIVE;
    const { userId, sessionId, deviceId, roles, expiresAt } = claims;
    return { active: true, userId, sessionId, deviceId, roles: [...roles], expiresAt };
  }

  async getKeys(): Promise<identityV1.GetKeysResponse> {
    return { jwksJson: await this.tokens.jwks() };
  }

  async getUsers(request: identityV1.GetUsersRequest): Promise<identityV1.GetUsersResponse> {
    return { users: (await this.gettingUsers.execute(request)).map(userToWire) };
  }

  async searchUsers(request: identityV1.SearchUsersRequest): Promise<identityV1.SearchUsersResponse> {
    const page = await this.searching.execute({ ...request, page: pageOf(request.page) });
    return { users: page.items.map(userToWire), nextCursor: page.nextCursor ?? '' };
  }

  async updateProfile(request: identityV1.UpdateProfileRequest): Promise<identityV1.UpdateProfileResponse> {
    return { user: userToWire(await this.updatingProfile.execute(request)) };
  }

  async changePassword(request: identityV1.ChangePasswordRequest): Promise<identityV1.ChangePasswordResponse> {
    await this.changingPassword.execute(request);
    return {};
  }

  async deleteAccount(request: identityV1.DeleteAccountRequest): Promise<identityV1.DeleteAccountResponse> {
    await this.deletingAccount.execute(request);
    return {};
  }

  async listSessions(request: identityV1.ListSessionsRequest): Promise<identityV1.ListSessionsResponse> {
    return { sessions: (await this.listingSessions.execute(request)).map(sessionToWire) };
  }

  async revokeSession(request: identityV1.RevokeSessionRequest): Promise<identityV1.RevokeSessionResponse> {
    await this.revokingSession.execute(request);
    return {};
  }
}
