package io.waybill.messaging.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.waybill.security.Access;
import io.waybill.security.AccessTable;
import io.waybill.security.ApiDocument;
import io.waybill.security.BearerToken;
import io.waybill.security.BearerToken.MalformedToken;
import io.waybill.security.Callers;
import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenRules;
import io.waybill.security.VerifiedTokens;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Verifies tokens and applies the rules of the API's documents. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecuritySettings.class)
public class SecurityConfiguration {

    @Bean
    CurrentCaller currentCaller(SecuritySettings settings) {
        return new CurrentCaller(new Callers(settings));
    }

    @Bean
    DocumentedRules documentedRules(
            @Value("${waybill.context}") String context,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        List<ApiDocument> documents = Stream.of("administration", context)
                .filter(ApiDocument::exists)
                .map(ApiDocument::named)
                .toList();
        return new DocumentedRules(AccessTable.of(documents), handlers);
    }

    @Bean
    JwtDecoder jwtDecoder(SecuritySettings settings) {
        return settings.isOwnIssuer() ? own(settings) : new SupplierJwtDecoder(() -> foreign(settings));
    }

    private static JwtDecoder own(SecuritySettings settings) {
        JWKSource<SecurityContext> keys = VerificationKeys.at(settings.jwkSetUri());
        return new VerifiedTokens(
                TokenRules.ownTokens(keys, settings), TokenRules.claims(settings), () -> VerificationKeys.all(keys));
    }

    /** Asks the provider where its keys are, when the first token comes. */
    private static JwtDecoder foreign(SecuritySettings settings) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(settings.expectedIssuer())
                .jwsAlgorithms(all -> all.addAll(TokenRules.FOREIGN_ALGORITHMS))
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(TokenRules.foreignTypes()))
                .build();
        decoder.setJwtValidator(TokenRules.claims(settings));
        return decoder;
    }

    /** Otherwise each filter of the chain would be measured for each request, which costs more than it tells. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityProblems securityProblems(ObjectMapper json) {
        return new SecurityProblems(json);
    }

    /** The gateway lets no path through that could be read in two ways; a percent sign in an id is none of those. */
    @Bean
    StrictHttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedPercent(true);
        return firewall;
    }

    @Bean
    SecurityFilterChain apiSecurity(
            HttpSecurity http,
            DocumentedRules rules,
            JwtDecoder decoder,
            SecurityProblems problems,
            SecuritySettings settings)
            throws Exception {
        Callers callers = new Callers(settings);
        return http.csrf(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(
                                "/actuator/health", "/actuator/health/**", "/actuator/prometheus", "/livez", "/readyz")
                        .permitAll()
                        .anyRequest()
                        .access((caller, request) -> decide(rules.of(request.getRequest()), caller, callers)))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(request -> token(request, rules))
                        .authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems)
                        .jwt(jwt -> jwt.decoder(decoder)
                                .jwtAuthenticationConverter(token -> new JwtAuthenticationToken(token, List.of())))
                        .withObjectPostProcessor(new FailureHandling(problems)))
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    private static AuthorizationDecision decide(
            Optional<Access> rule, Supplier<Authentication> asking, Callers callers) {
        if (rule.isPresent() && rule.get() == Access.ANYONE) {
            return new AuthorizationDecision(true);
        }
        boolean granted = rule.isPresent()
                && asking.get() instanceof JwtAuthenticationToken verified
                && rule.get().permits(callers.of(verified.getToken()));
        return new AuthorizationDecision(granted);
    }

    /** Where anyone may come in, a token is not looked at, so that an old one shuts nobody out. */
    private static @Nullable String token(HttpServletRequest request, DocumentedRules rules) {
        if (rules.of(request).filter(rule -> rule == Access.ANYONE).isPresent()) {
            return null;
        }
        try {
            return BearerToken.in(Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)))
                    .orElse(null);
        } catch (MalformedToken e) {
            throw new InvalidBearerTokenException("There is no single bearer token", e);
        }
    }

    /** Without it, keys that cannot be had would be an error of ours without a document. */
    private record FailureHandling(SecurityProblems problems)
            implements ObjectPostProcessor<BearerTokenAuthenticationFilter> {

        @Override
        public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
            filter.setAuthenticationFailureHandler(problems);
            return filter;
        }
    }
}
