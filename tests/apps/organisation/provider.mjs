// A real OpenID Connect provider for the tests: any name signs in, and becomes the staff number and the mail address.
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "jike", client_secret: "a-secret-for-tests-only", redirect_uris: [redirect],
    grant_types: ["authorization_code"], response_types: ["code"], token_endpoint_auth_method: "client_secret_post",
  }],
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  cookies: { keys: ["only for tests"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  async findAccount(_context, sub) {
    const email = `${sub.toLowerCase()}@example.com`;
    const claims = () => ({ sub: `subject-of-${sub}`, preferred_username: sub, email, email_verified: !sub.startsWith("UNSURE") });
    return { accountId: sub, claims: () => ({ ...claims(), sub }) };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
