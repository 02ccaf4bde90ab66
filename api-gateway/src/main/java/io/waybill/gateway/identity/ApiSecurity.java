package io.waybill.gateway.identity;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.waybill.gateway.Operation;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.security.Access;
import io.waybill.security.AccessTable;
import io.waybill.security.ApiDocument;
import io.waybill.security.BearerToken;
import io.waybill.security.BearerToken.MalformedToken;
import io.waybill.security.Caller;
import io.waybill.security.Callers;
import io.waybill.security.SecuritySettings;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Asks who is there, and lets them do what the API's documents say they may. Whose a thing is, only its context knows,
 * which asks again.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties(SecuritySettings.class)
class ApiSecurity {

    /** @param more documents of a gateway that serves more than Waybill; its own tests do */
    @Bean
    ApiDocuments apiDocuments(ObjectProvider<ApiDocument> more) {
        var waybill = Stream.of("gateway", "order", "payment", "inventory", "shipping", "administration")
                .map(ApiDocument::named);
        return new ApiDocuments(Stream.concat(waybill, more.orderedStream()).toList());
    }

    @Bean
    AccessTable accessTable(ApiDocuments documents) {
        return AccessTable.of(documents.all());
    }

    /** The surface is a closed list and refuses what could be read in two ways; a second opinion would only differ. */
    @Bean
    ServerWebExchangeFirewall firewall() {
        return ServerWebExchangeFirewall.INSECURE_NOOP;
    }

    /** Each of its filters would be timed by itself, which costs more than most of them. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityWebFilterChain apiSecurityChain(
            ServerHttpSecurity http, ReactiveJwtDecoder decoder, AccessTable table, SecuritySettings settings) {
        // A token that was verified before is the same object again, and speaks of the same caller.
        LoadingCache<Jwt, Caller> callers = Caffeine.newBuilder().weakKeys().build(new Callers(settings)::of);
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .headers(ServerHttpSecurity.HeaderSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .authorizeExchange(all -> all.anyExchange()
                        .access((caller, asked) ->
                                decide(caller, rule(table, asked.getExchange()), asked.getExchange(), callers)))
                .oauth2ResourceServer(server -> server.bearerTokenConverter(exchange -> token(table, exchange))
                        .jwt(jwt -> jwt.jwtDecoder(decoder)
                                .jwtAuthenticationConverter(
                                        token -> Mono.just(new JwtAuthenticationToken(token, List.of()))))
                        .authenticationEntryPoint((exchange, failure) -> unauthenticated())
                        .authenticationFailureHandler((exchange, failure) ->
                                failure instanceof AuthenticationServiceException ? later(failure) : unauthenticated())
                        .accessDeniedHandler((exchange, denied) -> denied()))
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint((exchange, failure) -> unauthenticated())
                                .accessDeniedHandler((exchange, denied) -> denied()))
                .build();
    }

    /** Where anyone may come in, a token is not looked at, so that an old one shuts nobody out. */
    private static Mono<Authentication> token(AccessTable table, ServerWebExchange exchange) {
        if (rule(table, exchange) == Access.ANYONE) {
            return Mono.empty();
        }
        try {
            var headers = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
            return Mono.justOrEmpty(BearerToken.in(headers)).map(BearerTokenAuthenticationToken::new);
        } catch (MalformedToken e) {
            return unauthenticated();
        }
    }

    private static Mono<AuthorizationDecision> decide(
            Mono<Authentication> asking, Access rule, ServerWebExchange exchange, LoadingCache<Jwt, Caller> callers) {
        if (rule == Access.ANYONE) {
            return Mono.just(new AuthorizationDecision(true));
        }
        return asking.ofType(JwtAuthenticationToken.class)
                .map(verified -> callers.get(verified.getToken()))
                .doOnNext(caller -> exchange.getAttributes().put(Caller.class.getName(), caller))
                .map(caller -> new AuthorizationDecision(rule.permits(caller)))
                .defaultIfEmpty(new AuthorizationDecision(false));
    }

    /**
     * The rule of what is asked for. What the surface lists and no document describes, such as a route that a context
     * has gained and the gateway has not heard of, is for operators.
     */
    private static Access rule(AccessTable table, ServerWebExchange exchange) {
        if (exchange.getAttribute(Operation.ATTRIBUTE) == null) {
            // Only the management port's health comes by without: the surface refuses everything else before.
            return Access.ANYONE;
        }
        // It is asked for twice: before a token is looked at, and after.
        return (Access) exchange.getAttributes().computeIfAbsent(Access.class.getName(), first -> {
            var request = exchange.getRequest();
            return table.find(request.getMethod().name(), request.getPath().pathWithinApplication())
                    .orElse(Access.OPERATOR);
        });
    }

    private static <T> Mono<T> unauthenticated() {
        return Mono.error(() -> new RefusedRequest(ProblemCode.AUTHENTICATION_REQUIRED));
    }

    private static <T> Mono<T> denied() {
        return Mono.error(() -> new RefusedRequest(ProblemCode.ACCESS_DENIED));
    }

    private static <T> Mono<T> later(Throwable cause) {
        return Mono.error(() -> new RefusedRequest(ProblemCode.TEMPORARILY_UNAVAILABLE, cause));
    }
}
