package io.waybill.gateway.cache;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Where others, such as a breaker, ask for an old answer when there is no new one. */
public interface StaleAnswers {

    /**
     * Answers a GET with what is stored, as far as {@code stale-if-error} allows it, and says so in
     * {@code Cache-Status}.
     *
     * @return whether it was answered; if not, nothing has been written
     */
    Mono<Boolean> answerStale(ServerWebExchange exchange);
}
