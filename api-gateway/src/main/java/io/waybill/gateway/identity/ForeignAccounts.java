package io.waybill.gateway.identity;

import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenRules;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
        return new SupplierReactiveJwtDecoder(() -> {
            var decoder = NimbusReactiveJwtDecoder.withIssuerLocation(security.expectedIssuer())
                    .jwsAlgorithms(all -> all.addAll(TokenRules.FOREIGN_ALGORITHMS))
                    .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(TokenRules.foreignTypes()))
                    .build();
            decoder.setJwtValidator(TokenRules.claims(security));
            return decoder;
        });
    }
}
