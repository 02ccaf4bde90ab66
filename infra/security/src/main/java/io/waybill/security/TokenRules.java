package io.waybill.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** What makes a token one to believe: its algorithm, its type, its key, and what it claims. */
public final class TokenRules {

    /** RFC 9068: an access token says that it is one, so that no other kind of token passes for it. */
    public static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    /** The one algorithm of our own tokens. */
    public static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;

    /** What a foreign provider may sign with: nothing symmetric, nothing outdated. */
    public static final Set<SignatureAlgorithm> FOREIGN_ALGORITHMS = Set.of(
            SignatureAlgorithm.ES256,
            SignatureAlgorithm.ES384,
            SignatureAlgorithm.ES512,
            SignatureAlgorithm.PS256,
            SignatureAlgorithm.PS384,
            SignatureAlgorithm.PS512,
            SignatureAlgorithm.RS256,
            SignatureAlgorithm.RS384,
            SignatureAlgorithm.RS512);

    private TokenRules() {}

    /** Decodes tokens of our own, signed with one of the keys. */
    public static JwtDecoder ownTokens(JWKSource<SecurityContext> keys, SecuritySettings settings) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(ACCESS_TOKEN));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHM, keys));
        // Claims are checked below, by rules that hold for all issuers.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(claims(settings));
        return token -> {
            CanonicalToken.require(token);
            return decoder.decode(token);
        };
    }

    /** Accepts access tokens of foreign providers, many of which give them no type of their own. */
    public static <C extends SecurityContext> DefaultJOSEObjectTypeVerifier<C> foreignTypes() {
        return new DefaultJOSEObjectTypeVerifier<>(ACCESS_TOKEN, JOSEObjectType.JWT, null);
    }

    /** What every token must claim, whoever issued it. */
    public static OAuth2TokenValidator<Jwt> claims(SecuritySettings settings) {
        return new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(settings.clockSkew()),
                new JwtClaimValidator<Instant>("exp", Objects::nonNull),
                new JwtClaimValidator<Instant>(
                        "iat", at -> at == null || at.isBefore(Instant.now().plus(settings.clockSkew()))),
                new JwtClaimValidator<String>("iss", settings.expectedIssuer()::equals),
                new JwtClaimValidator<List<String>>("aud", all -> all != null && all.contains(settings.audience())),
                new JwtClaimValidator<String>("sub", subject -> subject != null && !subject.isBlank()));
    }
}
