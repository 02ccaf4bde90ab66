package io.waybill.gateway.identity;

import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenRules;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierReactiveJwtDecoder;

/** Believes the tokens of an external OpenID provider, and leaves accounts to it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(ForeignAccounts.CONDITION)
class ForeignAccounts {

    static final String CONDITION = "!(" + OwnAccounts.CONDITION + ")";

    /** Asks the provider where its keys are when the first token comes, so that it may start later than we do. */
    @Bean
    ReactiveJwtDecoder jwtDecoder(SecuritySettings security) {
        var decoder = new SupplierReactiveJwtDecoder(() -> {
            var keys = NimbusReactiveJwtDecoder.withIssuerLocation(security.expectedIssuer())
                    .jwsAlgorithms(all -> all.addAll(TokenRules.FOREIGN_ALGORITHMS))
                    .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(TokenRules.foreignTypes()))
                    .build();
            keys.setJwtValidator(TokenRules.claims(security));
            return keys;
        });
        // A provider that cannot be asked is neither our mistake nor the token's.
        return token -> decoder.decode(token)
                .onErrorMap(
                        failure -> !(failure instanceof JwtException),
                        failure -> new JwtException("The provider's keys cannot be had", failure));
    }
}
