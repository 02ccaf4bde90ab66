package io.waybill.gateway.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenSigner;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** Issues access tokens. */
final class Tokens {

    private final SigningKeys keys;
    private final SecuritySettings security;
    private final IdentitySettings settings;
    private final InstantSource clock;

    Tokens(SigningKeys keys, SecuritySettings security, IdentitySettings settings, InstantSource clock) {
        this.keys = keys;
        this.security = security;
        this.settings = settings;
        this.clock = clock;
    }

    String issue(User user) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(security.issuer())
                .subject(user.id())
                .audience(List.of(security.audience()))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(settings.tokenLifetime())))
                .jwtID(UUID.randomUUID().toString())
                .claim("email", user.email().value())
                .claim("name", user.name())
                .claim(security.rolesClaim(), List.of(user.role()))
                .build();
        return TokenSigner.sign(claims, keys.signing());
    }

    long lifetimeSeconds() {
        return settings.tokenLifetime().toSeconds();
    }
}
